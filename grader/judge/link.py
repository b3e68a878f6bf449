"""The judge's end of the wire: frames in and out, without ever waiting for the child."""

from __future__ import annotations

import asyncio
import select
from typing import TYPE_CHECKING

import msgspec

from grader.judge.findings import UNMANNERLY, Broken
from grader.language import say
from grader.protocol.wire import FrameTooLarge, WireClosed, decode_for_judge, frames
from grader.results import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.protocol.messages import Message, ToJudge
    from grader.protocol.wire import AnyWire


BYTES = 8 << 20
"""In all frames of one check; 1,000 concurrent checkouts take a good one million."""


class Link:
    """One wire to one child, watched by the judge's own event loop."""

    def __init__(self, wire: AnyWire) -> None:
        self._wire = wire
        wire.socket.setblocking(False)
        wire.stamped()
        self._waiter: asyncio.Future[bool] | None = None
        self._poll = select.poll()
        self._poll.register(wire.socket, select.POLLIN)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(wire.socket, self._wake, True)
        self.closed = False
        self._bytes = 0

    def close(self) -> None:
        """Stop watching; the wire itself belongs to the child's owner."""
        if not self.closed:
            self._loop.remove_reader(self._wire.socket)
            self.closed = True

    def send(self, *messages: Message) -> None:
        """Send; a child that has gone, or does not read, is noticed by who waits for its word."""
        self.send_frame(messages)

    def send_frame(self, messages: Sequence[Message]) -> None:
        """The same for a list, which may be empty: an empty frame is a word, too."""
        try:
            for data in frames(messages):
                self._wire.send(data)
        except (WireClosed, BlockingIOError):
            pass

    def received(self) -> Iterator[tuple[ToJudge, int]]:
        """All messages that are there, in order, each with its frame's stamp.

        Raises:
            WireClosed: The child has gone.
            Broken: It does not keep to the protocol.
        """
        try:
            while frame := self._wire.receive():
                self._count(len(frame.data))
                for message in decode_for_judge(frame.data):
                    yield message, frame.stamp
        except (msgspec.DecodeError, UnicodeDecodeError, FrameTooLarge, RecursionError) as error:
            text = say(UNMANNERLY, why=str(error)[:240])
            raise Broken(Kind.TAMPERING, text) from error

    def _count(self, size: int) -> None:
        self._bytes += size
        if self._bytes > BYTES:
            raise FrameTooLarge(f"more than {BYTES >> 20} MiB in one check")

    def pending(self) -> bool:
        """Whether something has arrived that was not received yet."""
        return bool(self._poll.poll(0))

    async def news(self, timeout: float) -> bool:  # noqa: ASYNC109 - a pause that news cut short, not a deadline
        """Wait until something arrives, or some seconds of real time; whether something has."""
        self._waiter = self._loop.create_future()
        timer = self._loop.call_later(timeout, self._wake, False)
        try:
            return await self._waiter
        finally:
            timer.cancel()
            self._waiter = None

    def nudge(self) -> None:
        """Something has happened elsewhere that whoever waits for news wants to know."""
        self._wake(True)

    def _wake(self, news: bool) -> None:  # noqa: FBT001 - called by the loop
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(news)
