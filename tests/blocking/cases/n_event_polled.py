"""`threading.Event.wait(0)`."""

import asyncio
import threading


async def main():
    event = threading.Event()
    threading.Timer(0.05, event.set).start()
    while not event.wait(0):
        await asyncio.sleep(0.005)
