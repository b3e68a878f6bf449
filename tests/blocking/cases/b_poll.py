"""`select.poll` with a time-out."""

import asyncio
import select
import socket


async def main():
    here, there = socket.socketpair()
    poll = select.poll()
    poll.register(here, select.POLLIN)
    await asyncio.sleep(0.005)
    poll.poll(70)  # <- blocks
    here.close()
    there.close()
