"""Small garbage collections."""

import asyncio
import gc


async def main():
    for _ in range(5):
        for _ in range(500):
            ring = []
            ring.append(ring)
        gc.collect(0)
        await asyncio.sleep(0.002)
