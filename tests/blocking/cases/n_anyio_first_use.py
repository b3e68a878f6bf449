"""The first use of anyio imports its backend: the probe does that before."""

import time

import anyio


async def main():
    async with anyio.create_task_group() as group:
        group.start_soon(anyio.to_thread.run_sync, time.sleep, 0.05)
        await anyio.sleep(0.01)
