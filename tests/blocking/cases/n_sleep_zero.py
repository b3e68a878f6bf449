"""`time.sleep(0)`."""

import asyncio
import time


async def main():
    for _ in range(10):
        time.sleep(0)
        await asyncio.sleep(0.002)
