"""The loop's exception handler waits."""

import asyncio
import time


def report(loop, context):
    time.sleep(0.07)  # <- blocks


def fail():
    raise ValueError("on purpose")


async def main():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(report)
    loop.call_soon(fail)
    await asyncio.sleep(0.02)
