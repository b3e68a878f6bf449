"""A garbage collection over a great many objects."""

import asyncio
import gc

from parts.sizing import cpu_of


def rings(n):
    made = []
    for _ in range(n):
        ring = []
        ring.append(ring)
        made.append(ring)
    return made


gc.disable()
KEEP = rings(200_000)
while cpu_of(lambda _: gc.collect(), 0) < 0.08:
    KEEP += rings(200_000)


async def main():
    await asyncio.sleep(0.005)
    gc.collect()  # <- blocks
