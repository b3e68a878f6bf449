"""Computing in another process."""

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

from parts.sizing import burn


async def main():
    pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork"))
    await asyncio.get_running_loop().run_in_executor(pool, burn, 0.05)
    await asyncio.to_thread(pool.shutdown)
