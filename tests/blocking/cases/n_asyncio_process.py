"""A process of asyncio's own."""

import asyncio


async def main():
    process = await asyncio.create_subprocess_exec("sleep", "0.06")
    assert await process.wait() == 0
