"""`time.sleep` kept as an attribute of a class."""

import asyncio
import time


class Clock:
    pause = time.sleep


async def main():
    clock = Clock()
    await asyncio.sleep(0.005)
    clock.pause(0.07)  # <- blocks
