"""An event loop that asks the judge what to do where another would sleep, and that tells the judge's time.

Prior art: `trio.testing.MockClock`, which jumps when all tasks are blocked; here another process decides the jump.
"""

from __future__ import annotations

import _thread
import asyncio
import selectors
from typing import TYPE_CHECKING, Any

from grader.child.places import callback_line
from grader.child.watching import DETECTOR
from grader.protocol.messages import Awake, Deliver, Idle, Item, Note

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.child.channel import Channel

_thread_count: Callable[[], int] = vars(_thread)[
    "_count"
]  # of all threads, those that `threading` misses, too
TURNS = 3_000
"""Turns without idleness after which a loop is said to spin."""

Ready = list[tuple[selectors.SelectorKey, int]]


class JudgedSelector(selectors.DefaultSelector):
    """Says "idle until …" instead of sleeping, and wakes for the judge's orders or a real event.

    Attributes:
        take: Called with each item of an accepted delivery.
    """

    take: Callable[[Item], None]
    turning: Callable[[], int | None]
    """Line of the submission that is ready to run."""

    def __init__(self, channel: Channel) -> None:
        super().__init__()
        self._channel = channel
        self._turns = 0
        self._idle = 0
        self._accepted = 0
        self.register(channel.wire.socket, selectors.EVENT_READ)

    def select(self, timeout: float | None = None) -> Ready:
        """Wait for the loop's own events; the judge's are dealt with here."""
        self._turns += 1
        events = self._own(super().select(0)) if len(self.get_map()) > 2 else []
        if events or (timeout is not None and timeout <= 0):
            if self._turns == TURNS:
                self._channel.flush(Note("spin", str(TURNS), self.turning()))
            return events
        return self._wait(timeout)

    def _wait(self, timeout: float | None) -> Ready:
        self._idle += 1
        timer = None if timeout is None else self._channel.now + timeout
        alone = _thread_count() == (DETECTOR.is_started() and DETECTOR.watchdog_id is not None)
        self._channel.flush(Idle(self._idle, timer, self._accepted, self._turns, alone))
        self._turns = 0
        while True:
            events = super().select(None)
            own = self._own(events)
            taken = len(own) < len(events) and self._accept()
            if own and not taken:
                self._channel.flush(Awake())
            if own or taken:
                return own

    def _own(self, events: Ready) -> Ready:
        return [event for event in events if event[0].fileobj is not self._channel.wire.socket]

    def _accept(self) -> bool:
        accepted = False
        for message in self._channel.receive():
            # A delivery for an idleness that is over is void; the judge sees that from `accepted`.
            if isinstance(message, Deliver) and message.idle == self._idle:
                self._accepted, self._channel.now, accepted = message.number, message.now, True
                for item in message.items:
                    self.take(item)
        return accepted


class JudgedLoop(asyncio.SelectorEventLoop):
    """asyncio's own loop, on a judged selector."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self.judged = JudgedSelector(channel)
        super().__init__(self.judged)
        self.judged.turning = self._ready_line

    def _ready_line(self) -> int | None:
        callbacks: list[object] = [handle._callback for handle in self._ready]  # type: ignore[attr-defined]  # noqa: SLF001 - our loop's own queue
        return next(filter(None, map(callback_line, callbacks)), None)

    def _check_callback(self, callback: Any, method: str) -> None:  # noqa: ANN401 - debug mode looks at whatever it is given
        """What debug mode refuses to call; asyncio's own callbacks, which most are, need no look."""
        if type(callback).__module__ != "_asyncio":
            super()._check_callback(callback, method)  # type: ignore[misc]  # asyncio's own, since 3.4

    def time(self) -> float:
        """The judge's time, in virtual seconds."""
        return self._channel.now
