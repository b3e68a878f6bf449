"""One `list.sort`, in C and holding the GIL."""

import asyncio
import random

from parts.sizing import sized

NUMBERS = [random.Random(7).random() for _ in range(4)]


def shuffled(n):
    draw = random.Random(5).random
    return [draw() for _ in range(n)]


N = sized(lambda n: shuffled(n).sort(), 0.2)
VALUES = shuffled(N)


async def main():
    await asyncio.sleep(0.005)
    VALUES.sort()  # <- blocks
