"""A handler added by `loop.add_signal_handler`."""

import asyncio
import os
import signal


async def main():
    loop = asyncio.get_running_loop()
    event = asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, event.set)
    loop.call_later(0.03, os.kill, os.getpid(), signal.SIGUSR1)
    await event.wait()
    loop.remove_signal_handler(signal.SIGUSR1)
