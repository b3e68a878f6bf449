"""How frames travel: datagrams with the kernel's own time stamp where there are any, else a stream with lengths.

Both ends are blocking sockets in the child; the judge sets its end to non-blocking and gets None when nothing is there.
"""

from __future__ import annotations

import os
import socket
import struct
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import msgspec

from grader.protocol.messages import Message, ToChild, ToJudge

if TYPE_CHECKING:
    from collections.abc import Sequence

FRAME = 150_000
"""Bytes of a frame, at most: below what an unprivileged datagram may be."""
SO_TIMESTAMPNS = 35  # <asm-generic/socket.h>; the socket module has no name for it
_STAMP = struct.Struct("qq")
_LENGTH = struct.Struct(">I")

_encode = msgspec.json.Encoder().encode
decode_for_child = msgspec.json.Decoder(list[ToChild]).decode
decode_for_judge = msgspec.json.Decoder(list[ToJudge]).decode


class WireClosed(Exception):
    """The other side has gone."""


class FrameTooLarge(Exception):
    """One message alone exceeds a frame."""


class Frame(NamedTuple):
    """Bytes of one frame; `stamp` is when it was sent, ns of the system's clock, or 0 if unknown."""

    data: bytes
    stamp: int


class Wire(Protocol):
    """One end of a talk in frames."""

    socket: socket.socket

    def send(self, data: bytes) -> None: ...
    def receive(self) -> Frame | None: ...


class DatagramWire:
    """Frames as packets: nothing to reassemble, and the kernel stamps each."""

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 * FRAME)

    def send(self, data: bytes) -> None:
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise WireClosed from error

    def receive(self) -> Frame | None:
        try:
            data, extra, _, _ = self.socket.recvmsg(FRAME + 1, 64)
        except BlockingIOError:
            return None
        except ConnectionResetError as error:
            raise WireClosed from error
        stamp = _stamp(extra)
        if not data:
            raise WireClosed
        if len(data) > FRAME:
            raise FrameTooLarge("a packet larger than a frame may be")
        return Frame(data, stamp)

    def stamped(self) -> None:
        """Ask the kernel to stamp what arrives here."""
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)


class StreamWire:
    """Frames behind their lengths, for systems without packets on local sockets."""

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock
        self._buffer = b""

    def send(self, data: bytes) -> None:
        try:
            self.socket.sendall(_LENGTH.pack(len(data)) + data)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise WireClosed from error

    def receive(self) -> Frame | None:
        while (frame := self._cut()) is None:
            try:
                data = self.socket.recv(65_536)
            except BlockingIOError:
                return None
            except ConnectionResetError as error:
                raise WireClosed from error
            if not data:
                raise WireClosed
            self._buffer += data
        return frame

    def stamped(self) -> None:
        """A stream has no stamps; the judge does without."""

    def _cut(self) -> Frame | None:
        if len(self._buffer) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack_from(self._buffer)
        if length > FRAME:
            raise FrameTooLarge(f"a frame of {length} bytes")
        end = _LENGTH.size + length
        if len(self._buffer) < end:
            return None
        data, self._buffer = self._buffer[_LENGTH.size : end], self._buffer[end:]
        return Frame(data, 0)


AnyWire = DatagramWire | StreamWire


def wire_on(sock: socket.socket) -> AnyWire:
    """The wire that fits the kind of this socket."""
    packets = sock.type == getattr(socket, "SOCK_SEQPACKET", None)
    return DatagramWire(sock) if packets else StreamWire(sock)


def frames(messages: Sequence[Message]) -> list[bytes]:
    """Encode messages in order into as few frames as fit.

    Raises:
        FrameTooLarge: A single message does not fit.
    """
    data = _encode(messages)
    if len(data) <= FRAME:
        return [data]
    if len(messages) == 1:
        raise FrameTooLarge(f"{type(messages[0]).__name__} of {len(data)} bytes")
    half = len(messages) // 2
    return frames(messages[:half]) + frames(messages[half:])


def _stamp(extra: list[tuple[int, int, Any]]) -> int:
    """The kernel's stamp among what came along; descriptors that nobody asked for are closed."""
    stamp = 0
    for level, kind, payload in extra:
        if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS:
            seconds, nanoseconds = _STAMP.unpack(payload)
            stamp = int(seconds * 1_000_000_000 + nanoseconds)
        elif level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            for descriptor in memoryview(payload[: len(payload) // 4 * 4]).cast("i"):
                os.close(descriptor)
    return stamp
