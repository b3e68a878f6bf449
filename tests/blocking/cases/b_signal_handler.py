"""A Python signal handler that waits while the loop sleeps."""

import asyncio
import signal
import time


def on_alarm(number, frame):
    time.sleep(0.07)  # <- blocks


async def main():
    signal.signal(signal.SIGALRM, on_alarm)
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    await asyncio.sleep(0.08)
