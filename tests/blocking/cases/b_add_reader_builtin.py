"""A callback without a frame that waits whenever a socket is readable."""

import asyncio
import socket
import threading


async def main():
    lock = threading.Lock()
    lock.acquire()
    ours, theirs = socket.socketpair()
    loop = asyncio.get_running_loop()
    with ours, theirs:
        loop.add_reader(ours, lock.acquire, True, 0.07)  # <- blocks
        theirs.send(b"!")
        await asyncio.sleep(0.01)
        loop.remove_reader(ours)
