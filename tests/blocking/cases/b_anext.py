"""An asynchronous iterator that waits in `__anext__`."""

import asyncio
import time


class Pages:
    def __init__(self):
        self.left = 2

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self.left:
            raise StopAsyncIteration
        self.left -= 1
        time.sleep(0.05)  # <- blocks
        return self.left


async def main():
    async for _ in Pages():
        await asyncio.sleep(0.005)
