"""Any bytes on the wire, cut anywhere, are frames, or too large, or nothing yet."""

from __future__ import annotations

import socket
from contextlib import suppress

from fuzz.choices import Choices
from grader.protocol.wire import FRAME, FrameTooLarge, WireClosed, wire_on


def main(data: bytes) -> None:
    """Send it in pieces, over a stream and in packets; what arrives is bounded."""
    for kind in (socket.SOCK_STREAM, socket.SOCK_SEQPACKET):
        ours, theirs = socket.socketpair(socket.AF_UNIX, kind)
        with ours, theirs:
            ours.settimeout(0)
            theirs.settimeout(0)
            send(theirs, Choices(data))
            with suppress(FrameTooLarge, WireClosed):
                receive(ours)


def send(sock: socket.socket, choices: Choices) -> None:
    """In pieces of a few bytes, or of many; a lying length among them."""
    for _ in choices.some(8):
        length = choices.one_of((0, 1, 7, FRAME, FRAME + 1, 0xFFFFFFFF))
        sock.send(length.to_bytes(4, "big") + b"x" * min(length, choices.byte()))
    for piece in (choices.rest()[:100], choices.rest()[100:]):
        if piece:
            sock.send(piece)


def receive(sock: socket.socket) -> None:
    """All that is there."""
    wire = wire_on(sock)
    while frame := wire.receive():
        assert len(frame.data) <= FRAME
