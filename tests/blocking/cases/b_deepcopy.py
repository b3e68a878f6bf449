"""`copy.deepcopy` of a large value: the line that asks for it."""

import asyncio
import copy

from parts.sizing import sized


def value(n):
    return [{"id": i, "tags": ["a", "b"]} for i in range(n)]


VALUE = value(sized(lambda n: copy.deepcopy(value(n)), 0.12, size=100))


async def main():
    await asyncio.sleep(0.005)
    copy.deepcopy(VALUE)  # <- blocks
