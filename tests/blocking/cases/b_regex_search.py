"""A pattern that backtracks without end."""

import asyncio
import re

from parts.sizing import smallest

PATTERN = re.compile(r"^(\w+\s?)*$")
N = smallest(lambda n: PATTERN.search("w" * n + "!"), size=12)


async def main():
    await asyncio.sleep(0.005)
    PATTERN.search("w" * N + "!")  # <- blocks
