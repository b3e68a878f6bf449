"""A callback without a frame: named by the line that schedules it."""

import asyncio
import functools
import time


async def main():
    loop = asyncio.get_running_loop()
    loop.call_soon(functools.partial(time.sleep, 0.07))  # <- blocks
    await asyncio.sleep(0.02)
