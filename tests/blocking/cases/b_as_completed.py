"""`concurrent.futures.as_completed` in a plain `for`."""

import asyncio
import concurrent.futures
import time


async def main():
    pool = concurrent.futures.ThreadPoolExecutor(2)
    jobs = [pool.submit(time.sleep, 0.08) for _ in range(2)]
    await asyncio.sleep(0.005)
    for _ in concurrent.futures.as_completed(jobs):  # <- blocks
        pass
    pool.shutdown(wait=False)
