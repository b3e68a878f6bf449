"""Sixty sleeps of a millisecond in one step."""

import asyncio
from time import sleep


async def main():
    await asyncio.sleep(0.005)
    for _ in range(60):
        sleep(0.001)  # <- blocks
