"""A lock waited for while a third thread computes."""

import asyncio
import threading

from parts.sizing import burn


async def main():
    lock = threading.Lock()
    lock.acquire()
    threading.Thread(target=burn, args=(0.2,), daemon=True).start()
    threading.Timer(0.12, lock.release).start()
    await asyncio.sleep(0.005)
    lock.acquire()  # <- blocks
