"""Back-pressure through an `asyncio.Queue`."""

import asyncio


async def main():
    box = asyncio.Queue(maxsize=1)

    async def consume():
        for _ in range(5):
            await box.get()
            await asyncio.sleep(0.01)

    consumer = asyncio.create_task(consume())
    for number in range(5):
        await box.put(number)
    await consumer
