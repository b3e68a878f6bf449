"""`threading.Condition.wait_for` that times out."""

import asyncio
import threading


async def main():
    condition = threading.Condition()
    await asyncio.sleep(0.005)
    with condition:
        condition.wait_for(lambda: False, timeout=0.07)  # <- blocks
