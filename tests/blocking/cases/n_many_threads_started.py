"""Thirty threads started on the loop."""

import asyncio
import threading
import time


async def main():
    for _ in range(30):
        threading.Thread(target=time.sleep, args=(0.01,)).start()
        await asyncio.sleep(0)
    await asyncio.sleep(0.03)
