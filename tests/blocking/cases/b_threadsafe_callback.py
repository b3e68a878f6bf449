"""A callback that a worker thread sends to the loop."""

import asyncio
import threading
import time


def settle():
    time.sleep(0.07)  # <- blocks


async def main():
    loop = asyncio.get_running_loop()
    threading.Thread(target=loop.call_soon_threadsafe, args=(settle,)).start()
    await asyncio.sleep(0.03)
