"""The results of `executor.map`, taken on the loop."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor


async def main():
    pool = ThreadPoolExecutor(2)
    await asyncio.sleep(0.005)
    results = pool.map(time.sleep, [0.08, 0.08])
    assert list(results) == [None, None]  # <- blocks
    pool.shutdown(wait=False)
