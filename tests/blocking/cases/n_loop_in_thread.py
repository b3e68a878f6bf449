"""Another loop in a worker thread."""

import asyncio
import time


async def other():
    time.sleep(0.05)


async def main():
    await asyncio.to_thread(asyncio.run, other())
