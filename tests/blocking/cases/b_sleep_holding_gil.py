"""A sleep in C that keeps the GIL."""

import asyncio
import ctypes
import threading
import time

libc = ctypes.PyDLL(None)


async def main():
    threading.Thread(target=time.sleep, args=(0.2,), daemon=True).start()
    await asyncio.sleep(0.005)
    for _ in range(3):
        libc.usleep(40_000)  # <- blocks
