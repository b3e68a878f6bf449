"""What happened, in order: the evidence on which every verdict rests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

What = Literal[
    "called", "answered", "raised", "abandoned", "cancelled", "started", "ended", "told", "misused"
]


@dataclass(frozen=True, slots=True)
class Event:
    """One entry.

    Attributes:
        what: "called", "answered", "raised", "abandoned" and "misused" are about a step of a customer; "started",
            "ended", "cancelled" and "told" (a callback of the caller) about an operation.
        at: Virtual seconds.
        subject: The step, or the name of the operation.
        user: User id, where one is known.
        number: Of the call or the operation.
        line: Of the submission, where one is known.
        text: More, in words.
    """

    what: What
    at: float
    subject: str
    user: int | None = None
    number: int = 0
    line: int | None = None
    text: str = ""


@dataclass(slots=True)
class History:
    """An append-only list of events, and the questions that checks ask of it."""

    events: list[Event] = field(default_factory=list[Event])

    def add(self, event: Event) -> None:
        """Append one event."""
        self.events.append(event)

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)

    def __len__(self) -> int:
        return len(self.events)

    def calls(self, user: int | None = None, since: int = 0) -> list[Event]:
        """The calls to services, of one user or of all, from entry `since` on."""
        return [
            event
            for event in self.events[since:]
            if event.what == "called" and user in (None, event.user)
        ]

    def steps(self, user: int | None = None, since: int = 0) -> list[str]:
        """The names of the steps called."""
        return [event.subject for event in self.calls(user, since)]

    def last_line(self, user: int | None = None) -> int | None:
        """Line of the latest event that has one."""
        lines = [e.line for e in self.events if e.line is not None and user in (None, e.user)]
        return lines[-1] if lines else None

    def last_answer(self, user: int) -> Event | None:
        """The latest answer to this user's calls."""
        answers = [e for e in self.events if e.what in ("answered", "raised") and e.user == user]
        return answers[-1] if answers else None
