"""`executor.shutdown(wait=False)`."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor


async def main():
    pool = ThreadPoolExecutor(1)
    job = asyncio.wrap_future(pool.submit(time.sleep, 0.05))
    pool.shutdown(wait=False)
    await job
