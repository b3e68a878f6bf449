"""A timeline as frozen values: lanes with bars and marks, from 0 to its length, in seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from grader.timeline.recording import Left

Outcome: TypeAlias = Literal["done", "failed", "cancelled", "open"]
"""How a bar ended; "open": it never did."""
BarKind: TypeAlias = Literal["operation", "service", "step", "hold"]
MarkKind: TypeAlias = Literal["told", "failed", "cancelled", "again", "misused", "ended"]
LaneKind: TypeAlias = Literal["batch", "checkout", "thread", "loop"]


@dataclass(frozen=True)
class Bar:
    """Something that lasts.

    Attributes:
        label: Name of the service, the submission's function, or the call that held the loop.
        line: Of the submission, where one is known.
        text: What came of it, in words.
        real: Real seconds, of steps and of what held the loop.
        wrong: Here it went wrong.
    """

    begin: float
    end: float
    kind: BarKind
    label: str
    outcome: Outcome = "done"
    line: int | None = None
    text: str = ""
    real: float = 0.0
    wrong: bool = False


@dataclass(frozen=True)
class Mark:
    """Something that happens in an instant."""

    at: float
    kind: MarkKind
    label: str
    line: int | None = None
    text: str = ""
    wrong: bool = False


@dataclass(frozen=True)
class Lane:
    """One checkout, batch or thread, or the loop.

    Attributes:
        number: User id of a checkout; number of a thread, or of a batch's operation.
        name: The submission's function, of a batch.
        rows: Bars that share a row do not overlap.
    """

    kind: LaneKind
    number: int
    name: str
    rows: tuple[tuple[Bar, ...], ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def bars(self) -> tuple[Bar, ...]:
        """All bars, by their beginning."""
        return tuple(sorted((bar for row in self.rows for bar in row), key=lambda bar: bar.begin))


@dataclass(frozen=True)
class Timeline:
    """The picture of one check.

    The axis is the shop's clock. It stands still while the loop is busy, so the real time of the loop's steps is let
    in: a right program's hardly shows, and what holds the loop holds every lane.

    Attributes:
        file: The learner's file, as findings name it.
        left: What is not drawn.
        clock: Whether the axis shows time; else all happened in one instant, and it counts events.
    """

    length: float
    lanes: tuple[Lane, ...]
    file: str
    left: Left
    clock: bool = True

    @property
    def holds(self) -> tuple[Bar, ...]:
        """What held the loop, by its beginning."""
        return tuple(b for lane in self.lanes for b in lane.bars if b.kind == "hold")

    @property
    def overlap(self) -> int:
        """How many service calls were under way at once, at most."""
        bars = [b for lane in self.lanes if lane.kind == "checkout" for b in lane.bars]
        services = [bar for bar in bars if bar.kind == "service" and bar.begin < bar.end]
        moments = sorted([(b.begin, 1) for b in services] + [(b.end, -1) for b in services])
        under_way = most = 0
        for _, change in moments:
            under_way += change
            most = max(most, under_way)
        return most
