"""A generator-based context manager that waits on its way out."""

import asyncio
import contextlib
import time


@contextlib.contextmanager
def transaction():
    yield
    time.sleep(0.07)  # <- blocks


async def main():
    with transaction():
        await asyncio.sleep(0.005)
