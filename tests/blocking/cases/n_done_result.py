"""`result()` of a future that is done."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


async def main():
    pool = ThreadPoolExecutor(1)
    job = pool.submit(int, "11")
    while not job.done():
        await asyncio.sleep(0.002)
    assert job.result() == 11
    pool.shutdown(wait=False)
