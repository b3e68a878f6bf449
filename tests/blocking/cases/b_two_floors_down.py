"""A helper of a helper waits."""

import asyncio

from parts import two_floors_down


async def main():
    await asyncio.sleep(0.005)
    two_floors_down.read_settings()
