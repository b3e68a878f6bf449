"""A datagram that never comes, waited for with a time-out."""

import asyncio
import socket


async def main():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(0.07)
        await asyncio.sleep(0.005)
        try:
            sock.recvfrom(10)  # <- blocks
        except TimeoutError:
            pass
