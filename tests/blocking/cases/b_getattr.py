"""A lazy attribute that waits."""

import asyncio
import time


class Lazy:
    def __getattr__(self, name):
        time.sleep(0.07)  # <- blocks
        return name


async def main():
    await asyncio.sleep(0.005)
    assert Lazy().colour == "colour"
