"""Leaving `with ThreadPoolExecutor()` when its work is done."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


async def main():
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(2) as pool:
        await asyncio.gather(*(loop.run_in_executor(pool, int, "7") for _ in range(4)))
