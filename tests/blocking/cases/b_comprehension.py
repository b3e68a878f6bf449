"""One long comprehension."""

import asyncio

from parts.sizing import sized


def squares(n):
    return [i * i for i in range(n)]  # <- blocks


N = sized(squares)


async def main():
    await asyncio.sleep(0.005)
    squares(N)
