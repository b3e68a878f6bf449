"""A time-out that strikes."""

import asyncio


async def main():
    try:
        async with asyncio.timeout(0.05):
            await asyncio.sleep(10)
    except TimeoutError:
        pass
