"""What the referee says to the arena and to the load, and hears from them: JSON behind its length."""

from __future__ import annotations

import socket
import struct
from typing import TypeVar

import msgspec

TOGETHER = 200
"""Descriptors that travel at a time; the kernel's own bound is 253."""


class Serve(msgspec.Struct, frozen=True, tag=True):
    """Begin to serve; the listener, the socket that says stop, and the card network's ends follow."""

    server: str
    work: str
    gates: int


class Serving(msgspec.Struct, frozen=True, tag=True):
    """The server's process has begun."""

    pid: int


class Stopped(msgspec.Struct, frozen=True, tag=True):
    """The server has ended, and this is what it and its children took.

    Attributes:
        computed: Seconds on a processor.
        voluntary: How often one of its threads gave up the processor to wait.
        involuntary: How often one was put off it.
        error: What it raised; empty if it ended well.
    """

    computed: float
    voluntary: int
    involuntary: int
    error: str = ""


class Send(msgspec.Struct, frozen=True, tag=True):
    """Put a load on a server; the card network's other ends follow.

    Attributes:
        port: Of 127.0.0.1.
        requests: In all.
        each: Requests on one connection.
        delay: Seconds until the card network answers.
        patience: Seconds until it is given up.
        hold: Every client stays when he has his answer, until the referee has looked.
    """

    port: int
    work: str
    connections: int
    requests: int
    each: int
    delay: float
    patience: float
    hold: bool = False


class Held(msgspec.Struct, frozen=True, tag=True):
    """All clients have their answers, and are still there."""


class Sent(msgspec.Struct, frozen=True, tag=True):
    """What came of a load.

    Attributes:
        seconds: From the first connection to the last answer.
        middle: Median of the seconds from a request to its answer.
        late: Their 99th percentile.
        answered: Right answers.
        wrong: Wrong ones.
        lost: Connections that ended without the answer.
        busy: Share of the time in which the load itself computed; near 1 it is what is measured.
    """

    seconds: float
    middle: float
    late: float
    answered: int
    wrong: int
    lost: int
    busy: float


class Leave(msgspec.Struct, frozen=True, tag=True):
    """There is nothing to wait for any more: the server has gone, or was looked at."""


Message = Serve | Serving | Stopped | Send | Held | Sent | Leave
_LENGTH = struct.Struct(">I")
_decode = msgspec.json.Decoder(Message).decode
Kind = TypeVar("Kind", bound=Message)


class Line:
    """One end of a talk."""

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock

    def say(self, message: Message, *files: int) -> None:
        """Send a message, then descriptors."""
        data = msgspec.json.encode(message)
        self.socket.sendall(_LENGTH.pack(len(data)) + data)
        for start in range(0, len(files), TOGETHER):
            socket.send_fds(self.socket, [b"f"], files[start : start + TOGETHER])

    def hear(self, *kinds: type[Kind]) -> Kind:
        """Wait for a message of these kinds; others are of no interest any more.

        Raises:
            EOFError: The other side has gone.
            TimeoutError: It said nothing in time, if the socket has a time.
        """
        while True:
            (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size))
            message = _decode(self._exactly(length))
            if isinstance(message, kinds):
                return message

    def take(self, count: int) -> list[int]:
        """Receive so many descriptors."""
        found: list[int] = []
        while len(found) < count:
            data, more, _, _ = socket.recv_fds(self.socket, 1, TOGETHER)
            if not data:
                raise EOFError
            found += more
        return found

    def _exactly(self, count: int) -> bytes:
        data = self.socket.recv(count, socket.MSG_WAITALL)
        if len(data) < count:
            raise EOFError
        return data
