"""A built-in as a timer: named by the line that sets it."""

import asyncio
import time


async def main():
    asyncio.get_running_loop().call_later(0.005, time.sleep, 0.07)  # <- blocks
    await asyncio.sleep(0.03)
