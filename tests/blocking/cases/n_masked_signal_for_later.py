"""A signal that the program blocks, sends to itself, and takes later."""

import asyncio
import os
import signal


async def main():
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2})
    os.kill(os.getpid(), signal.SIGUSR2)
    await asyncio.sleep(0.05)
    signal.sigwait({signal.SIGUSR2})
