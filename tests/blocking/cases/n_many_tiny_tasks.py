"""Two thousand tasks."""

import asyncio


async def tiny(number):
    await asyncio.sleep(0)
    return number


async def main():
    for _ in range(10):
        assert len(await asyncio.gather(*map(tiny, range(200)))) == 200
