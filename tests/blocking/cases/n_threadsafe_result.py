"""`run_coroutine_threadsafe(...).result()` where it belongs: in a worker thread."""

import asyncio


async def main():
    loop = asyncio.get_running_loop()

    def work():
        return asyncio.run_coroutine_threadsafe(asyncio.sleep(0.05, 7), loop).result()

    assert await asyncio.to_thread(work) == 7
