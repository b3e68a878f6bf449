"""`queue.Queue.put` into a full queue."""

import asyncio
import queue
import threading


async def main():
    box = queue.Queue(maxsize=1)
    box.put(1)
    threading.Timer(0.09, box.get).start()
    await asyncio.sleep(0.005)
    box.put(2)  # <- blocks
