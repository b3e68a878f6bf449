"""`multiprocessing.Process.join`."""

import asyncio
import multiprocessing
import time


async def main():
    process = multiprocessing.get_context("fork").Process(target=time.sleep, args=(0.1,))
    process.start()
    await asyncio.sleep(0.005)
    process.join()  # <- blocks
