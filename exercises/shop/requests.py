"""One request to a server, and two ways to carry it out: as far as it goes, or to the end (stage 10)."""

from __future__ import annotations

from collections.abc import Callable, Generator
from socket import socket
from typing import TypeAlias

from .sockets import readable

Work: TypeAlias = Generator[socket, None, bytes]
"""A request that has begun: it gives each socket that it waits for, and returns its reply."""
Handler: TypeAlias = Callable[[bytes], Work]
"""Begins to work on a line; line and reply are without the newline that travels with them."""
Server: TypeAlias = Callable[[socket, Handler, socket], None]
"""Answers whoever connects to a listener by a handler, until the last socket can be read."""


def step(work: Work) -> socket | bytes:
    """Go on until there is a socket to wait for, or the reply; an error is a reply, too."""
    try:
        return next(work)
    except StopIteration as done:
        return bytes(done.value)
    except Exception as error:  # noqa: BLE001 - whoever asked is told, and the server goes on
        return f"error {type(error).__name__}".encode()


def finish(work: Work) -> bytes:
    """Go on to the reply; whoever calls this waits wherever the request does."""
    while isinstance(outcome := step(work), socket):
        readable(outcome)
    return outcome
