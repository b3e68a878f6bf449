"""What a shootout came to: each round as it was, and what follows from them."""

from __future__ import annotations

import statistics
from itertools import groupby
from typing import TYPE_CHECKING

import msgspec

from grader.shootout.plan import SERVERS, WORKS, Cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CLEAR = 1.2
"""How many times better the best has to be than the next one, to be called better."""


class Peak(msgspec.Struct, frozen=True):
    """The most that was seen at one time of a server and its children.

    Attributes:
        memory: Bytes; what several processes share is counted once, where the system tells.
    """

    processes: int
    threads: int
    memory: int


class Round(msgspec.Struct, frozen=True):
    """One measurement.

    Attributes:
        seconds: From the first connection to the last answer.
        middle: Median seconds from a request to its answer.
        late: The 99th percentile.
        computed: Seconds that the server and its children were on a processor.
        voluntary: How often they gave it up to wait.
        involuntary: How often they were put off it.
        busy: Share of the time in which the load itself computed.
    """

    cell: Cell
    turn: int
    answered: int
    wrong: int
    lost: int
    seconds: float
    middle: float
    late: float
    computed: float
    voluntary: int
    involuntary: int
    busy: float

    @property
    def rate(self) -> float:
        """Right answers a second."""
        return self.answered / self.seconds


class Row(msgspec.Struct, frozen=True):
    """One server under one load: medians over the rounds.

    Attributes:
        rate: Answers a second.
        ratio: Its rate as a multiple of the yardstick's, round by round; None without a yardstick.
        computed: Seconds on a processor for an answer.
        voluntary: Switches for an answer, as `involuntary`.
        failed: Answers that were wrong or never came, over all rounds.
        peak: Under this load, as far as it was seen.
    """

    cell: Cell
    rate: float
    ratio: float | None
    middle: float
    late: float
    computed: float
    voluntary: float
    involuntary: float
    busy: float
    failed: int
    peak: Peak


class Held(msgspec.Struct, frozen=True):
    """What a server needs while so many clients are connected and have nothing to ask."""

    server: str
    clients: int
    needs: Peak


class Left(msgspec.Struct, frozen=True):
    """What was not measured, and why."""

    server: str
    why: str
    connections: int = 0
    work: str = ""

    def is_about(self, cell: Cell) -> bool:
        return self.server == cell.server and (self.connections, self.work) == (
            cell.connections,
            cell.work,
        )


class Shootout(msgspec.Struct, frozen=True):
    """All of it."""

    submission: str
    yardstick: str
    processors: int
    python: str
    rounds: tuple[Round, ...]
    rows: tuple[Row, ...]
    held: tuple[Held, ...]
    left_out: tuple[Left, ...] = ()
    limited_to: int | None = None
    winners: dict[str, str] = {}
    schema_version: int = 1


NOT_SEEN = Peak(0, 0, 0)


def rows_of(rounds: Sequence[Round], peaks: dict[Cell, Peak], yardstick: str) -> tuple[Row, ...]:
    """The medians of each cell, in the order in which the cells came."""
    cells = dict.fromkeys(each.cell for each in rounds)
    return tuple(_row(cell, rounds, peaks.get(cell, NOT_SEEN), yardstick) for cell in cells)


def _row(cell: Cell, rounds: Sequence[Round], peak: Peak, yardstick: str) -> Row:
    own = [each for each in rounds if each.cell == cell]
    against = msgspec.structs.replace(cell, server=yardstick)
    rates = {each.turn: each.rate for each in rounds if each.cell == against}
    ratios = [each.rate / rates[each.turn] for each in own if rates.get(each.turn)]

    def middle_of(values: Iterable[float]) -> float:
        return statistics.median(values)

    return Row(
        cell=cell,
        rate=middle_of(each.rate for each in own),
        ratio=middle_of(ratios) if ratios else None,
        middle=middle_of(each.middle for each in own),
        late=middle_of(each.late for each in own),
        computed=middle_of(each.computed / max(1, each.answered) for each in own),
        voluntary=middle_of(each.voluntary / max(1, each.answered) for each in own),
        involuntary=middle_of(each.involuntary / max(1, each.answered) for each in own),
        busy=middle_of(each.busy for each in own),
        failed=sum(each.wrong + each.lost for each in own),
        peak=peak,
    )


def groups(rows: Iterable[Row]) -> list[tuple[str, int, list[Row]]]:
    """Rows of the same load, with its work and its connections."""

    def load(row: Row) -> tuple[str, int]:
        return row.cell.work, row.cell.connections

    def place(row: Row) -> tuple[int, int, int]:
        cell = row.cell
        return WORKS.index(cell.work), cell.connections, SERVERS.index(cell.server)

    ordered = sorted(rows, key=place)
    return [(work, number, list(group)) for (work, number), group in groupby(ordered, key=load)]


# ---- which wins where


def holding(shootout: Shootout) -> frozenset[str]:
    """Who needs the fewest processes and threads to hold clients; all that need as few."""
    needs = {held.server: held.needs.threads for held in shootout.held}
    return frozenset(server for server, need in needs.items() if need == min(needs.values()))


def computing(shootout: Shootout) -> frozenset[str]:
    """Who answers most where requests compute and clients stay; whoever is not clearly behind wins, too."""
    loads = (group for work, _, group in groups(shootout.rows) if work == "computes")
    fewest = next(loads, list[Row]())
    best = max((row.rate for row in fewest), default=0.0)
    return frozenset(row.cell.server for row in fewest if row.rate * CLEAR >= best)


MEASURED = {"HOLDING": holding, "COMPUTING": computing}
"""The questions that a shootout answers, by the names that stage 10 has for them."""
