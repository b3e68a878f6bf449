"""`json.loads` of a large text."""

import asyncio
import json

from parts.sizing import sized

ITEM = '{"sku": "a-1", "cents": 1250, "tags": ["new", "red"]}'


def text(n):
    return "[" + ",".join([ITEM] * n) + "]"


TEXT = text(sized(lambda n: json.loads(text(n)), 0.12))


async def main():
    await asyncio.sleep(0.005)
    json.loads(TEXT)  # <- blocks
