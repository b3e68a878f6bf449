"""One of ten tasks in a group."""

import asyncio
import time


async def settle(number):
    await asyncio.sleep(0.005)
    if number == 7:
        time.sleep(0.07)  # <- blocks


async def main():
    async with asyncio.TaskGroup() as group:
        for number in range(10):
            group.create_task(settle(number))
