"""The child's end of the wire: one order of messages for the loop and all threads.

The loop's thread posts, and flushes when it is idle; any thread may flush. A flush takes along what was posted
before it, under one lock, so the judge hears everything in the order of its making.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from grader.protocol.wire import AnyWire, WireClosed, decode_for_child, frames

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.protocol.messages import Message, ToChild

GONE = 3
"""Exit status of a child whose judge has gone."""


class Channel:
    """Sends in order, receives frame by frame, and keeps the judge's time."""

    def __init__(self, wire: AnyWire) -> None:
        self.wire = wire
        self.now = 0.0
        self._outbox: list[Message] = []
        self._lock = threading.Lock()
        self._calls = 0

    def post(self, message: Message) -> None:
        """Queue a message for the next flush."""
        with self._lock:
            self._outbox.append(message)

    def flush(self, *last: Message) -> None:
        """Send what is queued, then `last`."""
        with self._lock:
            messages = [*self._outbox, *last]
            self._outbox.clear()
            if messages:
                self._send(messages)

    def receive(self) -> list[ToChild]:
        """Wait for a frame; the process ends if the judge has gone."""
        try:
            frame = self.wire.receive()
        except WireClosed:
            os._exit(GONE)
        return decode_for_child(frame.data) if frame else []

    def next_call(self) -> int:
        """A number that no other call has."""
        with self._lock:
            self._calls += 1
            return self._calls

    def _send(self, messages: Sequence[Message]) -> None:
        try:
            for data in frames(messages):
                self.wire.send(data)
        except WireClosed:
            os._exit(GONE)
