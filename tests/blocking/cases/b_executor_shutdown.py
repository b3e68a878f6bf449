"""`executor.shutdown()` while a job runs."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor


async def main():
    pool = ThreadPoolExecutor(1)
    pool.submit(time.sleep, 0.08)
    await asyncio.sleep(0.005)
    pool.shutdown()  # <- blocks
