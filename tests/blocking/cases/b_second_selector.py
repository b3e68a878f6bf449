"""A selector of the program's own."""

import asyncio
import selectors
import socket


async def main():
    here, there = socket.socketpair()
    await asyncio.sleep(0.005)
    with selectors.DefaultSelector() as selector:
        selector.register(here, selectors.EVENT_READ)
        selector.select(0.07)  # <- blocks
    here.close()
    there.close()
