"""`Future.exception()` of a future that is not done."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor


async def main():
    pool = ThreadPoolExecutor(1)
    job = pool.submit(time.sleep, 0.08)
    await asyncio.sleep(0.005)
    assert job.exception() is None  # <- blocks
    pool.shutdown(wait=False)
