"""`bz2.compress`, which lets go of the GIL."""

import asyncio
import bz2
import random

from parts.sizing import sized

DATA = random.Random(3).randbytes(1 << 18) * 16
SIZE = sized(lambda n: bz2.compress(DATA[:n]), size=20_000)


async def main():
    await asyncio.sleep(0.005)
    bz2.compress(DATA[:SIZE])  # <- blocks
