"""A line from a socket that is read as a file."""

import asyncio
import socket
import threading


async def main():
    here, there = socket.socketpair()
    threading.Timer(0.09, there.sendall, args=(b"hi\n",)).start()
    with here, here.makefile("rb") as lines:
        await asyncio.sleep(0.005)
        assert lines.readline() == b"hi\n"  # <- blocks
