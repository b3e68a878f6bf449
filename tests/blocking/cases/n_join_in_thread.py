"""A thread joined by a worker thread."""

import asyncio
import threading
import time


async def main():
    worker = threading.Thread(target=time.sleep, args=(0.06,))
    worker.start()
    await asyncio.to_thread(worker.join)
