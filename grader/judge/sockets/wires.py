"""The judge's ends of connections: written and read without waiting, and what the other end has not read is seen."""

from __future__ import annotations

import array
import asyncio
import fcntl
import resource
import socket
import sys
import termios
from typing import TYPE_CHECKING

from grader.language import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from tempfile import TemporaryDirectory

CHUNK = 65_536
FLOOD = 8 << 20
"""Bytes that are taken in from one connection, at most."""
OPEN_FILES = 4096
"""Those of the judge, with some checks under way at a time."""
SO_NWRITE = 0x1024
"""What macOS calls the count of bytes that the other end has not read; <sys/socket.h>."""


def make_room() -> None:
    """Let this process have as many files open as the system lets it, up to what checks need."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def fill(sock: socket.socket) -> int:
    """Send zeros until no more fit; how many."""
    count = 0
    try:
        while True:
            count += sock.send(bytes(CHUNK))
    except BlockingIOError:
        return count


class Wire:
    """The judge's end of one connection.

    Args:
        number: Of the program's end; of a connection that it has to accept, below 0.
        full_of: Bytes that are on their way from the program's end already, and not read before `drain`.
        nudge: Called whenever something has come.

    Attributes:
        received: All bytes that have come.
        is_ended: The program has closed its end, or shut it down for writing.
    """

    def __init__(
        self,
        sock: socket.socket,
        number: int,
        nudge: Callable[[], None],
        *,
        full_of: int = 0,
    ) -> None:
        self.number = number
        self.received = bytearray()
        self.is_ended = False
        self._socket = sock
        self._nudge = nudge
        self._loop = asyncio.get_running_loop()
        self._unsent = bytearray()
        sock.setblocking(False)
        self._full_of = full_of
        if not full_of:
            self._loop.add_reader(sock, self._come)

    def __repr__(self) -> str:
        if self.number < 0:
            return say("connection {number}", number=-self.number)
        return say("socket {number}", number=self.number)

    # ---- acts

    def put(self, data: bytes) -> None:
        """Send, as far as there is room; `flush` sends the rest."""
        self._unsent += data
        self.flush()

    def flush(self) -> bool:
        """Send what is left; whether nothing is."""
        try:
            while self._unsent:
                del self._unsent[: self._socket.send(self._unsent)]
        except BlockingIOError:
            return False
        except (BrokenPipeError, ConnectionResetError):  # nobody will read it
            self._unsent.clear()
            self.is_ended = True
        return True

    def fill(self) -> int:
        """Send zeros until no more fit, which nobody reads as yet; how many."""
        return fill(self._socket)

    def drain(self) -> None:
        """Read at last what had filled the connection before it was lent, and forget it."""
        self.take_in()
        del self.received[: self._full_of]
        self._loop.add_reader(self._socket, self._come)

    def end(self) -> None:
        """Say that nothing more will come; the program reads the end."""
        if self._socket.fileno() >= 0:
            self._socket.shutdown(socket.SHUT_WR)

    def stop_reading(self) -> None:
        """Leave what comes where it is, until the other end can send no more."""
        self._loop.remove_reader(self._socket)

    def read_on(self) -> None:
        """Read again."""
        self._loop.add_reader(self._socket, self._come)

    def close(self) -> None:
        """Let go of this end."""
        if self._socket.fileno() >= 0:
            self._loop.remove_reader(self._socket)
            self._socket.close()

    # ---- looks

    def unread(self) -> int:
        """Bytes sent that the program has not read; between local sockets, not over TCP."""
        if sys.platform == "darwin":
            return self._socket.getsockopt(socket.SOL_SOCKET, SO_NWRITE)
        count = array.array("i", [0])
        fcntl.ioctl(self._socket, termios.TIOCOUTQ, count)
        return count[0]

    def take_in(self) -> None:
        """Read all that has come so far; of a program that floods us, no more than a flood."""
        while not self.is_full and self._socket.fileno() >= 0:
            try:
                data = self._socket.recv(CHUNK)
            except BlockingIOError:
                return
            except ConnectionResetError:
                data = b""
            self.received += data
            self.is_ended = not data

    @property
    def is_full(self) -> bool:
        """Whether nothing more will be taken in."""
        return self.is_ended or len(self.received) > FLOOD

    def _come(self) -> None:
        self.take_in()
        if self.is_full:
            self._loop.remove_reader(self._socket)
        self._nudge()


class Port:
    """A listening socket whose other copy the program has: the judge connects to it, over TCP or locally.

    Args:
        address: A host and a port, or a path.
        folder: In which the path lies, if it goes with it.
        number: Of the program's copy.
    """

    def __init__(
        self,
        address: tuple[str, int] | str,
        number: int,
        nudge: Callable[[], None],
        folder: TemporaryDirectory[str] | None = None,
    ) -> None:
        self.number = number
        self._address = address
        self._nudge = nudge
        self._folder = folder
        self._wires: list[Wire] = []

    def connect(self) -> Wire:
        """A connection; the kernel completes it before the program accepts it."""
        if isinstance(self._address, str):
            sock = _connect_locally(self._address)
        else:
            sock = socket.create_connection(self._address, timeout=5)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire = Wire(sock, -1 - len(self._wires), self._nudge)
        self._wires.append(wire)
        return wire

    def close(self) -> None:
        """Let go of all connections."""
        for wire in self._wires:
            wire.close()
        if self._folder:
            self._folder.cleanup()


def _connect_locally(path: str) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX)
    try:
        sock.connect(path)
    except OSError:
        sock.close()
        raise
    return sock
