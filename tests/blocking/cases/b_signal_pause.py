"""`signal.pause`."""

import asyncio
import signal


async def main():
    signal.signal(signal.SIGALRM, lambda number, frame: None)
    await asyncio.sleep(0.005)
    signal.setitimer(signal.ITIMER_REAL, 0.07)
    signal.pause()  # <- blocks
