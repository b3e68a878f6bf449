"""Sleeps at import: no loop runs yet."""

import asyncio
import time

time.sleep(0.06)


async def main():
    await asyncio.sleep(0.01)
