"""Sixty callbacks of a millisecond in one turn of the loop: many steps, none of them long."""

import asyncio

from parts.sizing import burn


async def main():
    loop = asyncio.get_running_loop()
    for _ in range(60):
        loop.call_soon(burn, 0.001)
    await asyncio.sleep(0.01)
