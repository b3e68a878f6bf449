"""A held lock, asked for without waiting."""

import asyncio
import threading


async def main():
    lock = threading.Lock()
    lock.acquire()
    for _ in range(10):
        assert not lock.acquire(timeout=0)
        await asyncio.sleep(0.002)
