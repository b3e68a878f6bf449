"""A shootout on a terminal: a table and bars for each load, within 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from grader.language import later, say
from grader.report.console import can_carry
from grader.shootout import words
from grader.shootout.results import groups

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from grader.shootout.results import Held, Row, Shootout

BAR = 40
"""Columns of the longest bar."""
LOADED = (
    later("server"),
    later("answers/s"),
    later("ratio"),
    later("median ms"),
    later("p99 ms"),
    later("CPU ms"),
    later("sleeps"),
    later("put off"),
)
"""Column heads under load; from CPU on for each answer."""
QUIET = (
    later("server"),
    later("processes"),
    later("threads"),
    later("MiB"),
    later("KiB for each client"),
)


def show(shootout: Shootout, console: Console) -> None:
    """Print all of it."""
    for work, connections, rows in groups(shootout.rows):
        console.print(Text(words.title(work, connections), style="bold"))
        console.print(_loaded(rows))
        for line in bars(rows, ascii_only=not can_carry("█", console.encoding)):
            console.print(Text(line))
        console.print()
    if shootout.held:
        console.print(Text(say(words.HELD, clients=shootout.held[0].clients), style="bold"))
        console.print(_quiet(shootout.held))
    for line in (*words.notes(shootout), *words.verdicts(shootout)):
        console.print(Text(line))
    console.print()
    for number, question in enumerate(words.QUESTIONS, 1):
        console.print(Text(f"{number}. {say(question)}"))


def bars(rows: Sequence[Row], *, ascii_only: bool) -> list[str]:
    """Answers a second, one bar below the other."""
    most = max(row.rate for row in rows)
    sign = "#" if ascii_only else "█"
    return [
        f"  {row.cell.server:<11} {sign * max(1, round(BAR * row.rate / most))}" for row in rows
    ]


def _table(heads: Sequence[str]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    for place, head in enumerate(heads):
        table.add_column(say(head), justify="right" if place else "left")
    return table


def _loaded(rows: Sequence[Row]) -> Table:
    table = _table(LOADED)
    for row in rows:
        table.add_row(
            row.cell.server + words.marks(row),
            f"{row.rate:.0f}",
            "" if row.ratio is None else f"{row.ratio:.2f}",
            f"{row.middle * 1000:.1f}",
            f"{row.late * 1000:.1f}",
            f"{row.computed * 1000:.2f}",
            f"{row.voluntary:.1f}",
            f"{row.involuntary:.2f}",
        )
    return table


def _quiet(held: Sequence[Held]) -> Table:
    table = _table(QUIET)
    for each in held:
        needs = each.needs
        table.add_row(
            each.server,
            str(needs.processes),
            str(needs.threads),
            f"{needs.memory / (1 << 20):.1f}",
            f"{needs.memory / 1024 / each.clients:.1f}",
        )
    return table
