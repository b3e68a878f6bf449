"""A sleep in a worker thread."""

import asyncio
import time


async def main():
    await asyncio.gather(*(asyncio.to_thread(time.sleep, 0.06) for _ in range(3)))
