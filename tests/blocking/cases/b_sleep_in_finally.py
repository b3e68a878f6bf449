"""A back-off that sleeps in `finally`."""

import asyncio
import time


async def attempt():
    try:
        await asyncio.sleep(0.005)
    finally:
        time.sleep(0.07)  # <- blocks


async def main():
    await asyncio.gather(attempt(), asyncio.sleep(0.02))
