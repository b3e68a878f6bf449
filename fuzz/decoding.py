"""Whatever a child sends, the judge makes messages of it or says that it does not keep to the protocol."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import msgspec

from fuzz.choices import Choices
from grader.judge.findings import Broken
from grader.judge.link import Link
from grader.protocol.messages import Message, ToJudge
from grader.protocol.sockets import wire_pair
from grader.protocol.values import check_depth, unpack
from grader.protocol.wire import FRAME, DatagramWire, WireClosed

KINDS = ToJudge.__args__  # type: ignore[attr-defined]


def main(data: bytes) -> None:
    """Once as it is, and once as a real message of which a few bytes are others."""
    for frame in (data, spoilt(Choices(data))):
        if 0 < len(frame) <= FRAME:
            asyncio.run(receive(frame))


def spoilt(choices: Choices) -> bytes:
    """A frame that a child might have sent, and a little of something else in it."""
    said: list[Message] = [choices.struct(choices.one_of(KINDS)) for _ in choices.some(4)]
    try:
        frame = bytearray(msgspec.json.encode(said))
    except (UnicodeEncodeError, OverflowError, ValueError):  # the child's own codec has refused it
        return b""
    for _ in choices.some(4):
        at = choices.byte() * 7 % len(frame)
        frame[at : at + choices.byte() % 3] = choices.rest()[:2]
    return bytes(frame)


async def receive(frame: bytes) -> None:
    """As the judge does, and what it does with values next."""
    ours, theirs = wire_pair()
    with ours, theirs:
        theirs.setblocking(False)
        DatagramWire(theirs).send(frame)
        link = Link(DatagramWire(ours))
        try:
            with suppress(Broken, WireClosed):
                for message, _ in link.received():
                    look_at(message)
        finally:
            link.close()


def look_at(message: ToJudge) -> None:
    """Into the values that it carries."""
    for name in ("value", "values", "argument", "arguments"):
        with suppress(msgspec.ValidationError):
            check_depth(getattr(message, name, None))
            unpack(getattr(message, name, None))
