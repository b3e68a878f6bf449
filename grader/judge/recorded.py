"""A session whose steps are written down, and what is kept of its history for a timeline."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec

from grader.judge.detected import sure_lines
from grader.judge.evidence import owned
from grader.judge.findings import FILE
from grader.judge.session import Session
from grader.timeline.recording import Left, Operation, Recording, Stall, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.judge.kernel import Step as Books
    from grader.results import Event

CHECKOUTS = 8
"""Checkouts that are told of one check."""
EVENTS = 320
"""Events that are told of one check."""
STEPS = 160
"""Steps that are told of one check."""
LETTERS = 200
"""Letters of one text: it may quote a submission."""
LONG = 0.010
"""Seconds from which a step is told, whatever came of it."""


class RecordedSession(Session):
    """A session that keeps the books of each step."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:  # noqa: ANN401 - those of a session
        super().__init__(*arguments, **keywords)
        self.steps: list[Step] = []
        self._first = 0
        self._began: float | None = None

    def begin_step(self, orders: int) -> None:
        super().begin_step(orders)
        self._first, self._began = len(self.history), time.monotonic()

    def stepped(self, books: Books) -> None:
        if self._began is None:
            return  # the import is no step of a checkout
        elapsed = time.monotonic() - self._began
        seconds = books.computed + books.slept if books.wall else elapsed
        self.steps.append(Step(self.now, self._first, seconds))
        self._began = None

    async def end(self) -> None:
        if self._began is not None and not self.closed and self.in_step:
            elapsed = time.monotonic() - self._began
            self.steps.append(Step(self.now, self._first, elapsed, open=True))
            self._began = None
        await super().end()

    def recording(self, story: Sequence[Event] = ()) -> Recording:
        """What is told of it all.

        Args:
            story: The events that explain a finding: their users are told first, and what went wrong is marked.
        """
        owners = {n: tuple(c.id for c in o.customers) for n, o in self.operations.items()}
        events = [owned(event, owners) for event in self.history]
        users = _followed(events, [event.user for event in story])
        places = _told(events, users)
        return Recording(
            _as_told(events, places, next((event for event in story if event.wrong), None)),
            tuple(self._operations(users, places)),
            tuple(self._steps(places)),
            tuple(self._stalls()),
            self._threads(events, places),
            FILE,
            self._left(events, places, users),
        )

    # ---- within

    def _operations(self, users: frozenset[int], places: Sequence[int]) -> Iterable[Operation]:
        for operation in self.operations.values():
            mine = tuple(c.id for c in operation.customers if c.id in users)
            if mine or not operation.customers:
                place = bisect_left(places, operation.began)
                customers = len(operation.customers)
                yield Operation(operation.number, operation.what, place, mine, customers)

    def _steps(self, places: Sequence[int]) -> Iterable[Step]:
        began = self.history.events[0].at if len(self.history) else self.now
        for step in self._steps_told(places):
            at = round(max(0.0, step.at - began), 4)
            yield Step(at, bisect_left(places, step.place), round(step.seconds, 6), step.open)

    def _steps_told(self, places: Sequence[int]) -> list[Step]:
        """The long ones, and of the others those in which something told happened, as many as may be."""
        if not self.steps:
            return []
        ends = [step.place for step in self.steps[1:]] + [len(self.history)]
        busy = [
            bisect_left(places, step.place) < bisect_left(places, end)
            for step, end in zip(self.steps, ends, strict=True)
        ]
        told = [i for i, step in enumerate(self.steps) if busy[i] or step.seconds >= LONG]
        most = sorted(told, key=lambda i: (self.steps[i].seconds < LONG, i))[:STEPS]
        return [self.steps[i] for i in sorted(most)]

    def _stalls(self) -> Iterable[Stall]:
        if self.blocked is not None:
            for line in sure_lines(self.blocked, self.most_calls):
                if line.line is not None:
                    call = line.call[:LETTERS]
                    yield Stall(line.line, line.cause, call, line.seconds, line.times)

    def _threads(self, events: Sequence[Event], places: Sequence[int]) -> dict[int, int]:
        """Workers, numbered in the order of their first calls told."""
        calls = [events[place].number for place in places if events[place].what == "called"]
        threads = {number: self.requests[number].thread for number in calls}
        workers = {n: thread for n, thread in threads.items() if thread != self.loop_thread}
        order = list(dict.fromkeys(workers.values()))
        return {number: order.index(thread) + 1 for number, thread in workers.items()}

    def _left(self, events: Sequence[Event], places: Sequence[int], users: frozenset[int]) -> Left:
        everybody = {event.user for event in events if event.user is not None}
        steps = len(self.steps) - len(self._steps_told(places))
        return Left(len(events) - len(places), len(everybody - users), steps)


def _followed(events: Sequence[Event], first: Iterable[int | None]) -> frozenset[int]:
    """Whose checkouts are told: those that a finding is about, then those that came first, each of them whole."""
    counts = Counter(event.user for event in events)
    followed: list[int] = []
    for user in dict.fromkeys([*first, *counts]):
        fits = sum(counts[u] for u in (None, user, *followed)) <= EVENTS
        if user is not None and len(followed) < CHECKOUTS and (fits or not followed):
            followed.append(user)
    return frozenset(followed)


def _told(events: Sequence[Event], users: frozenset[int]) -> list[int]:
    """Places of the events that are told: of those followed and of nobody; too many only of a single checkout."""
    told = [at for at, event in enumerate(events) if event.user is None or event.user in users]
    return told[:EVENTS]


def _as_told(
    events: Sequence[Event], places: Sequence[int], wrong: Event | None
) -> tuple[Event, ...]:
    """In time since the first event of all, in few letters, and with a mark at what went wrong."""
    began = events[0].at if events else 0.0
    told = [
        msgspec.structs.replace(
            events[place],
            at=round(events[place].at - began, 4),
            text=events[place].text[:LETTERS],
        )
        for place in places
    ]
    same = [n for n, event in enumerate(told) if wrong and _alike(event, wrong)]
    for number in same[:1]:
        told[number] = msgspec.structs.replace(told[number], wrong=True)
    return tuple(told)


def _alike(one: Event, other: Event) -> bool:
    """Whether two events are the same, as far as both are told."""

    def key(event: Event) -> tuple[object, ...]:
        return event.what, event.at, event.subject, event.user, event.number

    return key(one) == key(other)
