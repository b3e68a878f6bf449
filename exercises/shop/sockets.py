"""Sockets as servers wait for them: blocking, never blocking, and while other tasks run (stage 10)."""

from __future__ import annotations

import asyncio
import select
from contextlib import suppress
from socket import SHUT_RD, socket
from typing import TYPE_CHECKING
from weakref import WeakSet

if TYPE_CHECKING:
    from collections.abc import Iterator


def readable(*sockets: socket) -> list[socket]:
    """Block until one of these can be read, or is at its end, and give those that are."""
    poll = select.poll()
    for each in sockets:
        poll.register(each, select.POLLIN)
    ready = {number for number, _ in poll.poll()}
    return [each for each in sockets if each.fileno() in ready]


def arrivals(listener: socket, stop: socket) -> Iterator[socket]:
    """Give the connections as they come, and block between them, until `stop` can be read."""
    while stop not in readable(listener, stop):
        with suppress(BlockingIOError):  # gone again
            connection, _ = listener.accept()
            connection.setblocking(True)
            yield connection


class Door:
    """The way into a server that never blocks; it knows who is inside."""

    def __init__(self, listener: socket) -> None:
        self._listener = listener
        self._inside = WeakSet[socket]()

    def arrivals(self) -> Iterator[socket]:
        """Give the connections that have come; they never block, either."""
        with suppress(BlockingIOError):
            while True:
                connection, _ = self._listener.accept()
                connection.setblocking(False)
                self._inside.add(connection)
                yield connection

    def hang_up(self) -> None:
        """Have everybody inside read as if his client had nothing more to say."""
        for connection in self._inside:
            with suppress(OSError):  # closed already
                connection.shutdown(SHUT_RD)


def send(connection: socket, data: bytes) -> bytes:
    """Send as much as goes without waiting, and give the rest."""
    with suppress(BlockingIOError):
        return data[connection.send(data) :]
    return data


async def ready(channel: socket) -> None:
    """Let other tasks run until this one can be read, or is at its end."""
    loop, event = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(channel, event.set)
    await event.wait()
    loop.remove_reader(channel)
