"""What the judge has under way in the child: operations that it began, calls that it owes an answer."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from grader.protocol.messages import Answer, CalledBack, Ended, Started

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from grader.world import Customer

T = TypeVar("T")
TOGETHER = 100
"""Orders that are given in one delivery, at most."""


def portions(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """As many at a time as are delivered together."""
    return (items[at : at + TOGETHER] for at in range(0, len(items), TOGETHER))


@dataclass(eq=False)
class Operation:
    """One call of the submission by the judge, and all that came of it.

    Attributes:
        began: Length of the history when it began.
        ended_at: Length of the history when it ended; None before.
        cancelled_at: Length of the history when it was cancelled; None if it was not.
        open_at_end: Calls to services that were still open when it ended.
    """

    number: int
    what: str
    customers: tuple[Customer, ...]
    batch: bool
    began: int
    started: Started | None = None
    ends: list[Ended] = field(default_factory=list[Ended])
    told: list[CalledBack] = field(default_factory=list[CalledBack])
    ended_at: int | None = None
    cancelled_at: int | None = None
    open_at_end: tuple[Request, ...] = ()

    @property
    def done(self) -> bool:
        """Whether it has ended, or told its caller."""
        return bool(self.ends or self.told)


@dataclass(eq=False)
class Request:
    """A call to a service.

    Attributes:
        customer: Whose call it is; None if the argument made no sense.
        thread: Native id of the calling thread.
        blocks: The caller is blocked until it is answered, and does not need the loop for that.
    """

    number: int
    step: str
    argument: Any
    customer: Customer | None
    request_id: str
    thread: int
    line: int | None
    blocks: bool
    open: bool = True


@dataclass(eq=False)
class Pending:
    """An answer on its way: due at `when` virtual seconds; `serial` breaks ties."""

    when: float
    serial: int
    request: Request
    answer: Answer
    gone: bool = False
    """Given, or dropped because its call was cancelled."""

    def __lt__(self, other: Pending) -> bool:
        return (self.when, self.serial) < (other.when, other.serial)


class Agenda:
    """The answers on their way: a heap by due time, from which the gone ones fall when they come to the top."""

    def __init__(self) -> None:
        self._heap: list[Pending] = []

    def add(self, pending: Pending) -> None:
        """Put one more on its way."""
        heapq.heappush(self._heap, pending)

    def take(self, pending: Pending) -> None:
        """One is given now."""
        pending.gone = True

    def drop(self, request: Request) -> None:
        """Nothing more is owed to this call."""
        for pending in self._heap:
            pending.gone = pending.gone or pending.request is request

    def earliest(self, held: Callable[[Request], bool] | None) -> Pending | None:
        """The first that is not held."""
        while self._heap and self._heap[0].gone:
            heapq.heappop(self._heap)
        if held is None:
            return self._heap[0] if self._heap else None
        return min(self.free(held), default=None)

    def charges(self) -> list[Pending]:
        """Those that somebody waits for inside the SDK."""
        return [pending for pending in self.free(None) if pending.request.blocks]

    def free(self, held: Callable[[Request], bool] | None) -> list[Pending]:
        """All that are not held, in the order of their calls."""
        free = [p for p in self._heap if not p.gone and (held is None or not held(p.request))]
        return sorted(free, key=lambda pending: pending.serial)
