"""A done-callback of a task."""

import asyncio
import time


def log_result(task):
    time.sleep(0.07)  # <- blocks


async def main():
    task = asyncio.create_task(asyncio.sleep(0.005))
    task.add_done_callback(log_result)
    await asyncio.sleep(0.03)
