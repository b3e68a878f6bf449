"""`queue.SimpleQueue.get`, which is written in C."""

import asyncio
import queue
import threading


async def main():
    box = queue.SimpleQueue()
    threading.Timer(0.09, box.put, args=(1,)).start()
    await asyncio.sleep(0.005)
    box.get()  # <- blocks
