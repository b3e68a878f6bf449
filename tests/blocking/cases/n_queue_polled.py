"""`queue.Queue.get(block=False)`."""

import asyncio
import queue
import threading


async def main():
    box = queue.Queue()
    threading.Timer(0.04, box.put, args=(1,)).start()
    while True:
        try:
            return box.get(block=False)
        except queue.Empty:
            await asyncio.sleep(0.005)
