"""An operator that takes long, and no call: the line after it is not at fault."""

import asyncio

ZEROS = [0] * 9_000_000


async def main():
    await asyncio.sleep(0)
    found = 1 in ZEROS  # <- blocks
    text = str(found)
    await asyncio.sleep(0.001)
    return text
