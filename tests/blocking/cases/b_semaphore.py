"""A `threading.Semaphore` that another thread holds."""

import asyncio
import threading


async def main():
    gate = threading.Semaphore(0)
    threading.Timer(0.09, gate.release).start()
    await asyncio.sleep(0.005)
    gate.acquire()  # <- blocks
