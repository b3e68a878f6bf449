"""A history drawn in lines of text: who was called, who answered, in which order; one lane for each checkout.

          812  377
  0.00 s   →        get_user_data  :14
           │    →   get_user_data  :14
  0.21 s   ←    │   get_user_data
> 0.30 s        x   get_user_data  UserNotFound('no. 12')

A drawing needs hardly a word, so it is nearly the same in every language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from rich.cells import cell_len

from grader.language import say
from grader.results import Event, Kind
from grader.world import around

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROWS = 11
"""Events that are drawn, at most."""
LANES = 5
"""Checkouts that are drawn side by side, at most."""
LABEL = 24
"""Columns that a label needs to be worth reading: the longest name of a service, and a line."""
SPEAKS_FOR_ITSELF = frozenset({Kind.LIMIT, Kind.TAMPERING, Kind.STRUCTURE, Kind.BLOCKING})
"""Kinds of finding that no order of calls explains."""
SERVICE = frozenset({"called", "answered", "raised", "abandoned", "misused"})


@dataclass(frozen=True)
class Signs:
    """The characters of a drawing, each one column wide."""

    called: str
    answered: str
    failed: str
    cancelled: str
    ended: str
    rail: str
    dots: str

    def of(self, event: Event) -> str:
        """The sign of an event."""
        if event.what in ("cancelled", "abandoned"):
            return self.cancelled
        if event.what in ("ended", "told"):
            return self.ended
        return self.failed if event.failed else getattr(self, event.what, self.called)


DRAWN = Signs("→", "←", "\N{MULTIPLICATION SIGN}", "/", "■", "│", "…")
PLAIN = Signs(">", "<", "x", "/", "*", "|", "...")


@dataclass(frozen=True)
class Line:
    """One line of a drawing; `event` is None for the heading and for a fold."""

    text: str
    event: Event | None = None

    @property
    def wrong(self) -> bool:
        """Whether this is where it went wrong."""
        return self.event is not None and self.event.wrong


def helps(kind: Kind, events: Sequence[Event]) -> bool:
    """Whether the order of events says more than the finding does."""
    served = any(event.what in SERVICE for event in events)
    return kind not in SPEAKS_FOR_ITSELF and served and len(_told(events)) > 1


def drawing(events: Sequence[Event], width: int, signs: Signs = DRAWN) -> list[Line]:
    """Draw events, oldest first, folded where there are too many.

    Args:
        events: Of one check, as a result holds them.
        width: Columns that there are; a longer line is for the caller to cut.
        signs: What to draw with.
    """
    rows = _folded(_told(events))
    if not rows:
        return []
    pen = _pen(rows, width, signs)
    heading = f"  {'':{pen.time}}{pen.heading()}"
    return [*([Line(heading)] if heading.strip() else []), *pen.lines()]


def _told(events: Sequence[Event]) -> list[Event]:
    """Without what is clear from the others: that a call of the submission came back; in time since the first."""
    told: list[Event] = []
    left_out = 0
    for event in events:
        left_out += event.left_out
        if event.what != "started" or event.wrong:
            told.append(msgspec.structs.replace(event, left_out=left_out))
            left_out = 0
    return [msgspec.structs.replace(event, at=event.at - told[0].at) for event in told]


def _folded(events: Sequence[Event]) -> list[Event]:
    """As many as there is room for, near the one at which it went wrong."""
    wrong = next((place for place, event in enumerate(events) if event.wrong), len(events) - 1)
    kept = around(len(events), ROWS, wrong)
    rows: list[Event] = []
    for last, place in zip([-1, *kept], kept, strict=False):
        gap = events[last + 1 : place + 1]
        left_out = len(gap) - 1 + sum(event.left_out for event in gap)
        rows.append(msgspec.structs.replace(events[place], left_out=left_out))
    return rows


def _pen(rows: Sequence[Event], width: int, signs: Signs) -> Pen:
    users = list(dict.fromkeys(event.user for event in rows if event.user is not None))
    time = max(len(_seconds(event)) for event in rows)
    column = max((len(str(user)) for user in users), default=0) + 2
    if len(users) < 2:
        return Pen(rows, signs, time)
    if len(users) <= LANES and 2 + time + len(users) * column + LABEL <= width:
        return Lanes(rows, signs, time, column, users)
    return Column(rows, signs, time, column, users)


@dataclass(frozen=True)
class Pen:
    """Draws one checkout: its signs need no lane.

    Attributes:
        time: Width of the longest time.
        column: Width of a lane.
        users: Whose lanes, in the order of their first events.
    """

    rows: Sequence[Event]
    signs: Signs
    time: int
    column: int = 3
    users: Sequence[int] = ()

    def heading(self) -> str:
        """What stands over the lanes."""
        return ""

    def signs_at(self, place: int) -> str:
        """The lanes at one row."""
        return f"  {self.signs.of(self.rows[place])}"

    def lines(self) -> Iterator[Line]:
        """A line for each row, and one for each fold."""
        shown = ""
        for place, event in enumerate(self.rows):
            if event.left_out:
                dots, shown = self.signs.dots, ""
                more = say("{count} more", count=event.left_out)
                yield Line(f"  {'':{self.time}}  {dots} {more} {dots}")
            mark, at = ">" if event.wrong else " ", _seconds(event)
            time = "" if at == shown and not event.wrong else at
            yield Line(f"{mark} {time:>{self.time}}{self.signs_at(place)}  {_label(event)}", event)
            shown = at


class Column(Pen):
    """Draws many checkouts: the user's id stands beside the sign."""

    def heading(self) -> str:
        heading = say("user")
        return " " * (self.column - cell_len(heading)) + heading

    def signs_at(self, place: int) -> str:
        user = self.rows[place].user
        return f"{'' if user is None else user:>{self.column}}{super().signs_at(place)}"


class Lanes(Pen):
    """Draws a few checkouts side by side, each with a rail from its first event to its last."""

    def heading(self) -> str:
        return "".join(f"{user:>{self.column}}" for user in self.users)

    def signs_at(self, place: int) -> str:
        return "".join(self._sign(user, place) for user in self.users)

    def _sign(self, user: int, place: int) -> str:
        mine = [i for i, event in enumerate(self.rows) if event.user == user]
        sign = self.signs.rail if mine[0] < place < mine[-1] else ""
        if self.rows[place].user == user:
            sign = self.signs.of(self.rows[place])
        width = len(str(user))
        return f"{sign:^{width}}".rjust(self.column)


def _seconds(event: Event) -> str:
    return f"{event.at:.2f} s"


def _label(event: Event) -> str:
    """What happened: a name, the line, and what came of it."""
    if event.what == "cancelled":
        return f"{event.subject}.cancel()"
    if event.what == "abandoned":
        return f"{event.subject}  {say('cancelled')}"
    line = f"  :{event.line}" if event.line and event.what in ("called", "told") else ""
    text = say("cancelled") if event.text == "cancelled" else event.text
    return f"{event.subject}{line}{'  ' + text if text else ''}"
