"""A drip: thirty sleeps of a millisecond, each in a step of its own."""

import asyncio
import time


async def main():
    for _ in range(30):
        time.sleep(0.001)  # <- blocks
        await asyncio.sleep(0.002)
