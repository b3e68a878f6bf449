"""An `asyncio.Event` set by a timer."""

import asyncio


async def main():
    event = asyncio.Event()
    asyncio.get_running_loop().call_later(0.06, event.set)
    await event.wait()
