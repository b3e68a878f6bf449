"""An asynchronous generator that waits when it is closed."""

import asyncio
import time


async def rows():
    try:
        yield 1
    finally:
        time.sleep(0.07)  # <- blocks


async def main():
    stream = rows()
    await anext(stream)
    await stream.aclose()
