"""What happened, in order: the evidence on which every verdict rests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.results import Event

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True)
class History:
    """An append-only list of events, and the questions that checks ask of it."""

    events: list[Event] = field(default_factory=list[Event])
    _of: dict[int, list[Event]] = field(default_factory=dict[int, list[Event]])

    def add(self, event: Event) -> None:
        """Append one event."""
        self.events.append(event)
        if event.user is not None:
            self._of.setdefault(event.user, []).append(event)

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)

    def __len__(self) -> int:
        return len(self.events)

    def calls(self, user: int | None = None, since: int = 0) -> list[Event]:
        """The calls to services, of one user or of all, from entry `since` on."""
        among = self.events[since:] if since or user is None else self._of.get(user, ())
        return [e for e in among if e.what == "called" and user in (None, e.user)]

    def steps(self, user: int | None = None, since: int = 0) -> list[str]:
        """The names of the steps called."""
        return [event.subject for event in self.calls(user, since)]

    def last_line(self, user: int | None = None) -> int | None:
        """Line of the latest event that has one."""
        among = self.events if user is None else self._of.get(user, ())
        return next((e.line for e in reversed(among) if e.line is not None), None)

    def last_answer(self, user: int, before: int | None = None) -> Event | None:
        """The latest answer to this user's calls, before the entry at a place or of all."""
        told = ("answered", "raised")
        among = self._of.get(user, ()) if before is None else self.events[:before]
        return next((e for e in reversed(among) if e.what in told and e.user == user), None)

    def is_over(self, user: int) -> bool:
        """Whether this user's checkout has had the answer to a last step."""
        answer = self.last_answer(user)
        return answer is not None and answer.subject in ("process_payment", "charge")

    def place(self, event: Event) -> int:
        """Where this very entry stands."""
        return next(place for place, known in enumerate(self.events) if known is event)

    def place_of_call(self, number: int) -> int | None:
        """Where the call of this number stands."""
        places = (i for i, e in enumerate(self.events) if e.what == "called" and e.number == number)
        return next(places, None)


def around(total: int, most: int, at: int) -> list[int]:
    """Which of `total` entries to tell where only `most` can be: the first, those that led to one, the last.

    Args:
        total: How many there are.
        most: How many may be told, > 1.
        at: Place of the one that has to be among them, 0 <= at < total.

    Returns:
        Places, ascending.
    """
    if total <= most:
        return list(range(total))
    head = most // 4
    window = most - head - 1
    latest = total - 1 - window
    first = min(max(at - (window - 1) + window // 4, head), latest)
    return [*range(head), *range(first, first + window), total - 1]
