"""A timeline's geometry for a page: shares of the width, pixels of the height."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.timeline import Mark
from grader.timeline.ticks import ticks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.timeline import Bar, Lane, Timeline

ROW = 22
"""Pixels from one row to the next."""
GAP = 12
"""Pixels between two lanes."""
TICKS = 6
"""Labels on the axis, about."""
LAST = 0.97
"""Share of the axis behind which there is no room for a label."""
HUES = {
    "get_user_data": 1,
    "get_orders": 2,
    "get_order_details": 3,
    "process_payment": 4,
    "charge": 4,
}
"""Services that have a colour of their own; the others share one."""


@dataclass(frozen=True)
class Box:
    """A bar where it is drawn.

    Attributes:
        left, width, right: In percent.
        top: In pixels.
        words: Number of the sentence about it, from 0.
        hue: Number of its colour; 0: that of no service in particular.
    """

    bar: Bar
    left: str
    width: str
    right: str
    top: int
    words: int
    hue: int

    @property
    def label(self) -> str:
        """The name in few letters."""
        return self.bar.label.removeprefix("get_").removeprefix("process_")

    @property
    def tiny(self) -> bool:
        """Whether it is too short for a name, and drawn a little wider than it is."""
        return float(self.width.rstrip("%")) < 0.5

    @property
    def late(self) -> bool:
        """Whether there is more room before it than behind it."""
        return float(self.right.rstrip("%")) > 60


@dataclass(frozen=True)
class Point:
    """A mark where it is drawn: percent, pixels, and the number of the sentence about it."""

    mark: Mark
    left: str
    top: int
    words: int


@dataclass(frozen=True)
class Strip:
    """A lane where it is drawn; `told` is what has a sentence: its marks, and its bars but for quiet steps, in time."""

    lane: Lane
    top: int
    height: int
    told: tuple[Box | Point, ...]

    @property
    def boxes(self) -> list[Box]:
        """The bars."""
        return [thing for thing in self.told if isinstance(thing, Box)]

    @property
    def points(self) -> list[Point]:
        """The marks."""
        return [thing for thing in self.told if isinstance(thing, Point)]

    @property
    def quiet(self) -> list[Bar]:
        """The steps that held nothing up."""
        return [bar for bar in self.lane.bars if bar.kind == "step"]


@dataclass(frozen=True)
class Figure:
    """A timeline where it is drawn.

    Attributes:
        ticks: Percent and label.
        bands: Percent from the left, and of the width, in which the loop was held.
        pulse: The steps of the loop as an SVG path, 1,000 wide and 1 high.
    """

    timeline: Timeline
    height: int
    strips: tuple[Strip, ...]
    ticks: tuple[tuple[str, str], ...]
    bands: tuple[tuple[str, str], ...]
    pulse: str


def figure(timeline: Timeline) -> Figure:
    """Lay a timeline out."""
    strips = tuple(_strips(timeline))
    height = strips[-1].top + strips[-1].height if strips else 0
    bands = tuple(
        (_percent(bar.begin, timeline), _percent(bar.end - bar.begin, timeline))
        for bar in timeline.holds
    )
    labels = tuple(
        (_percent(at, timeline), f"{label} s" if at < LAST * timeline.length else "")
        for at, label in ticks(timeline, TICKS)
    )
    return Figure(timeline, height, strips, labels, bands, _pulse(timeline))


def _strips(timeline: Timeline) -> Iterator[Strip]:
    top = words = 0
    for lane in timeline.lanes:
        strip = _strip(lane, timeline, top, words)
        yield strip
        top += strip.height
        words += len(strip.told)


def _strip(lane: Lane, timeline: Timeline, top: int, words: int) -> Strip:
    first = top + GAP // 2
    rows = [(bar, first + row * ROW) for row, bars in enumerate(lane.rows) for bar in bars]
    things: list[tuple[float, int, Bar | Mark]] = [
        *((bar.begin, y, bar) for bar, y in rows if bar.kind != "step"),
        *((mark.at, first, mark) for mark in lane.marks),
    ]
    in_time = sorted(things, key=lambda thing: thing[0])
    told = tuple(_place(thing, y, timeline, words + n) for n, (_, y, thing) in enumerate(in_time))
    return Strip(lane, top, max(1, len(lane.rows)) * ROW + GAP, told)


def _place(thing: Bar | Mark, top: int, timeline: Timeline, words: int) -> Box | Point:
    if isinstance(thing, Mark):
        return Point(thing, _percent(thing.at, timeline), top, words)
    width = _percent(max(thing.end - thing.begin, timeline.length / 9_999), timeline)
    left, right = _percent(thing.begin, timeline), _percent(thing.end, timeline)
    return Box(thing, left, width, right, top, words, HUES.get(thing.label, 0))


def _pulse(timeline: Timeline) -> str:
    steps = (bar for lane in timeline.lanes for bar in lane.bars if bar.kind == "step")
    places = dict.fromkeys(round(1000 * step.begin / (timeline.length or 1)) for step in steps)
    return "".join(f"M{place} 0v1" for place in places)


def _percent(seconds: float, timeline: Timeline) -> str:
    return f"{100 * seconds / (timeline.length or 1):.2f}".rstrip("0").rstrip(".") + "%"
