"""A protocol that waits in `data_received`."""

import asyncio
import socket
import time


class Slow(asyncio.Protocol):
    def data_received(self, data):
        time.sleep(0.07)  # <- blocks


async def main():
    here, there = socket.socketpair()
    transport, _ = await asyncio.get_running_loop().create_connection(Slow, sock=here)
    there.send(b"x")
    await asyncio.sleep(0.03)
    transport.close()
    there.close()
