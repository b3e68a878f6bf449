"""One arithmetic operation on large numbers."""

import asyncio

from parts.sizing import smallest

BITS = smallest(lambda n: 3 ** (1 << n), size=14)


async def main():
    await asyncio.sleep(0.005)
    return 3 ** (1 << BITS) and None  # <- blocks
