"""A timeline drawn in lines of text: lanes of bars under an axis, the loop's steps, and what held it.

                0.0 s    0.2      0.4      0.6      0.8
  user 822855   ├user_data┤├orders─┤├order_details─┤      ├payment┤
  event loop    ·          ·       ·                ██████·
                █ time.sleep pipeline.py:26, 52 ms

Names and signs only, so it is the same in every language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from grader.language import say
from grader.timeline.ticks import ticks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.timeline import Bar, Lane, Mark, Timeline

NAMES = 20
"""Columns of the lanes' names, at most."""
ROOM = 10
"""Columns that a label of the axis takes, with some air."""


@dataclass(frozen=True)
class Strokes:
    """The characters of a drawing, each one column wide."""

    begin: str
    line: str
    end: str
    failed: str
    cancelled: str
    open: str
    dot: str
    step: str
    hold: str
    told: str

    def of(self, mark: Mark) -> str:
        """The sign of a mark."""
        if mark.kind == "cancelled":
            return self.cancelled
        return self.told if mark.kind in ("told", "ended") else self.failed


LINES = Strokes("├", "─", "┤", "\N{MULTIPLICATION SIGN}", "/", "╌", "│", "·", "█", "■")
LETTERS = Strokes("[", "-", "]", "x", "/", "~", "|", ".", "#", "*")


@dataclass(frozen=True)
class Row:
    """One line of a drawing; `held` if it tells what held the loop."""

    text: str
    held: bool = False


def bars(timeline: Timeline, width: int, strokes: Strokes = LINES) -> list[Row]:
    """Draw a timeline.

    Args:
        timeline: With at least one lane.
        width: Columns that there are, at least 40.
        strokes: What to draw with.
    """
    names = min(NAMES, max((cell_len(_name(lane)) for lane in timeline.lanes), default=0)) + 2
    board = _Board(timeline, max(10, width - names), strokes)
    rows = [Row(" " * names + board.axis().rstrip())]
    for lane in timeline.lanes:
        title = _name(lane)[:NAMES]
        held = lane.kind == "loop" and bool(timeline.holds)
        for line in board.lane(lane):
            rows.append(Row(f"{set_cell_size(title, names)}{line}".rstrip(), held))
            title = ""
    return [*rows, *(Row(" " * names + line, held=True) for line in board.blame())]


def _name(lane: Lane) -> str:
    if lane.kind == "checkout":
        return say("user {user}", user=lane.number)
    if lane.kind == "thread":
        return say("thread {number}", number=lane.number)
    return lane.name or say("event loop")


@dataclass(frozen=True)
class _Board:
    timeline: Timeline
    width: int
    strokes: Strokes

    def axis(self) -> str:
        """Round numbers of seconds; nothing where the axis does not show time."""
        cells = [" "] * self.width
        for at, label in ticks(self.timeline, max(2, self.width // ROOM)):
            _write(cells, self._column(at), label if at else f"{label} s")
        return "".join(cells)

    def lane(self, lane: Lane) -> Iterator[str]:
        """The rows of a lane; a checkout's calls without the frame around them."""
        rows = [row for row in lane.rows if lane.kind == "batch" or any(_is_inside(b) for b in row)]
        for number, row in enumerate(rows or lane.rows or ((),)):
            cells = [" "] * self.width
            for bar in row:
                self._bar(cells, bar)
            for mark in lane.marks if number == 0 else ():
                cells[self._column(mark.at)] = self.strokes.of(mark)
            yield "".join(cells)

    def blame(self) -> Iterator[str]:
        """A line for each thing that held the loop."""
        told: dict[str, None] = {}
        for hold in self.timeline.holds:
            line = f" {self.timeline.file}:{hold.line}" if hold.line else ""
            what = f"{hold.label}{line}".strip()
            real = "" if hold.outcome == "open" else f"{1000 * hold.real:.0f} ms"
            told[f"{self.strokes.hold} {', '.join(filter(None, (what, real)))}"] = None
        yield from told

    def _column(self, at: float) -> int:
        share = at / self.timeline.length if self.timeline.length else 0.0
        return min(self.width - 1, round(share * (self.width - 1)))

    def _bar(self, cells: list[str], bar: Bar) -> None:
        begin, end = self._column(bar.begin), self._column(bar.end)
        if bar.kind == "step":
            cells[begin] = self.strokes.step
        elif bar.kind == "hold":
            cells[begin : max(begin + 1, end)] = self.strokes.hold * max(1, end - begin)
        else:
            self._call(cells, bar, begin, max(begin, end - 1 if end < self.width - 1 else end))

    def _call(self, cells: list[str], bar: Bar, begin: int, end: int) -> None:
        ends = {
            "done": self.strokes.end,
            "failed": self.strokes.failed,
            "cancelled": self.strokes.cancelled,
            "open": self.strokes.open,
        }
        cells[begin : end + 1] = self.strokes.line * (end + 1 - begin)
        label = bar.label.removeprefix("get_").removeprefix("process_")
        _write(cells, begin + 1, label[: max(0, end - begin - 1)])
        cells[begin] = self.strokes.begin if end > begin else self.strokes.dot
        if end > begin or bar.outcome != "done":
            cells[end] = ends[bar.outcome]


def _is_inside(bar: Bar) -> bool:
    return bar.kind != "operation"


def _write(cells: list[str], at: int, text: str) -> None:
    """Put a text into the cells, if it has room."""
    if at + len(text) <= len(cells):
        cells[at : at + len(text)] = text
