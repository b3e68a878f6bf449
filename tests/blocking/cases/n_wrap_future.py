"""A future of a pool, awaited."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor


async def main():
    pool = ThreadPoolExecutor(1)
    await asyncio.wrap_future(pool.submit(time.sleep, 0.06))
    pool.shutdown(wait=False)
