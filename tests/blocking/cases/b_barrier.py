"""`threading.Barrier.wait` for a late party."""

import asyncio
import threading


async def main():
    barrier = threading.Barrier(2)
    threading.Timer(0.09, barrier.wait).start()
    await asyncio.sleep(0.005)
    barrier.wait()  # <- blocks
