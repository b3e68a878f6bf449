"""The sockets under a wire; whoever only starts processes needs no more of the protocol."""

from __future__ import annotations

import socket


def wire_pair() -> tuple[socket.socket, socket.socket]:
    """Two connected local sockets, of packets where the system has them."""
    kind = getattr(socket, "SOCK_SEQPACKET", None)
    if kind is not None and hasattr(socket, "AF_UNIX"):
        try:
            return socket.socketpair(socket.AF_UNIX, kind)
        except OSError:  # macOS names the kind, and does not have it
            pass
    return socket.socketpair()
