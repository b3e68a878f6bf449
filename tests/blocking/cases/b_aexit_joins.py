"""A thread joined in `__aexit__`."""

import asyncio
import threading
import time


class Desk:
    async def __aenter__(self):
        self.worker = threading.Thread(target=time.sleep, args=(0.08,))
        self.worker.start()
        return self

    async def __aexit__(self, *exc):
        self.worker.join()  # <- blocks


async def main():
    async with Desk():
        await asyncio.sleep(0.005)
