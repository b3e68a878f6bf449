"""`with lock:` on a lock that a worker holds."""

import asyncio
import threading
import time

lock = threading.RLock()


def hold():
    with lock:
        time.sleep(0.12)


async def main():
    worker = asyncio.get_running_loop().run_in_executor(None, hold)
    await asyncio.sleep(0.03)
    with lock:  # <- blocks
        pass
    await worker
