"""A reader callback that waits."""

import asyncio
import os
import time


def on_readable(fd):
    os.read(fd, 1)
    time.sleep(0.07)  # <- blocks


async def main():
    reading, writing = os.pipe()
    asyncio.get_running_loop().add_reader(reading, on_readable, reading)
    os.write(writing, b"x")
    await asyncio.sleep(0.03)
    asyncio.get_running_loop().remove_reader(reading)
