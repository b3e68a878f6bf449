"""A task that waits when it is cancelled."""

import asyncio
import time


async def worker():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        time.sleep(0.07)  # <- blocks
        raise


async def main():
    task = asyncio.create_task(worker())
    await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.wait([task])
