"""Sockets that tell which threads accept, read and write on them, and are the system's own in all else."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Any

from grader.protocol.values import Listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.protocol.values import Value

ACTS = ("recv", "recv_into", "recvfrom", "recvmsg", "send", "sendall", "sendmsg", "sendto")


class Watch:
    """Tells once of each thread, and of what it did first."""

    def __init__(self, tell: Callable[[Value], None]) -> None:
        self._tell = tell
        self._seen: set[int] = set()

    def note(self, act: str) -> None:
        """The calling thread does this."""
        thread = threading.get_ident()
        if thread not in self._seen:
            self._seen.add(thread)
            self._tell(Listed((act,)))


class WatchedSocket(socket.socket):
    """One socket; those that it accepts are watched, too."""

    watch: Watch

    def accept(self) -> tuple[socket.socket, Any]:
        self.watch.note("accept")
        accepted, address = super().accept()
        return _watched(accepted, self.watch), address


def watched(sock: socket.socket, tell: Callable[[Value], None]) -> socket.socket:
    """The same socket, under watch."""
    return _watched(sock, Watch(tell))


def _watched(sock: socket.socket, watch: Watch) -> socket.socket:
    timeout = sock.gettimeout()
    made = WatchedSocket(fileno=sock.detach())
    made.settimeout(timeout)
    made.watch = watch
    return made


def _watching(act: str) -> Callable[..., Any]:
    plain = getattr(socket.socket, act)

    def act_and_tell(self: WatchedSocket, *arguments: Any, **keywords: Any) -> Any:  # noqa: ANN401 - as the socket's own
        self.watch.note(act)
        return plain(self, *arguments, **keywords)

    act_and_tell.__name__ = act
    return act_and_tell


for _act in ACTS:
    setattr(WatchedSocket, _act, _watching(_act))
