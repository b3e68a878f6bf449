"""`pickle.dumps` of a large value."""

import asyncio
import pickle

from parts.sizing import sized


def value(n):
    return [(i, str(i), [i]) for i in range(n)]


N = sized(lambda n: pickle.dumps(value(n)), 0.25)
VALUE = value(N)


async def main():
    await asyncio.sleep(0.005)
    pickle.dumps(VALUE)  # <- blocks
