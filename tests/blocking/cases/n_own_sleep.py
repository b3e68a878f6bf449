"""A program that puts a clock of its own in the place of `time.sleep`."""

import asyncio
import time

slept = []


async def main():
    real, time.sleep = time.sleep, slept.append
    for _ in range(5):
        time.sleep(0.05)
        await asyncio.sleep(0.002)
    time.sleep = real
    assert slept == [0.05] * 5
