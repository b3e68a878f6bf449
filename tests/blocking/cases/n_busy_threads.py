"""Two threads that compute in Python: the loop waits for the GIL, and blocks nothing."""

import asyncio
import threading

from parts.sizing import burn


async def main():
    workers = [threading.Thread(target=burn, args=(0.12,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    while any(worker.is_alive() for worker in workers):
        sum(range(2_000))
        await asyncio.sleep(0.001)
