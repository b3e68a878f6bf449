"""Computing with every signal blocked."""

import asyncio
import signal
import time


def crunch():
    end = time.thread_time() + 0.09
    while time.thread_time() < end:  # <- blocks
        pass  # <- blocks


async def main():
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    await asyncio.sleep(0.005)
    crunch()
