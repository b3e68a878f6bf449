"""Bars laid into as few rows as they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.timeline.picture import Bar


def packed(bars: Iterable[Bar]) -> tuple[tuple[Bar, ...], ...]:
    """Put each bar into the first row in which it overlaps none; bars may touch, but not begin in one place."""
    rows: list[list[Bar]] = []
    for bar in sorted(bars, key=lambda bar: (bar.begin, bar.end)):
        free = next((r for r in rows if r[-1].end <= bar.begin and r[-1].begin < bar.begin), None)
        if free is None:
            rows.append(free := [])
        free.append(bar)
    return tuple(map(tuple, rows))
