"""A Python signal handler that only takes a note."""

import asyncio
import signal

seen = []


async def main():
    signal.signal(signal.SIGALRM, lambda number, frame: seen.append(number))
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    await asyncio.sleep(0.06)
    assert seen == [signal.SIGALRM]
