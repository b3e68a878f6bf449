"""Round numbers along an axis."""

from __future__ import annotations

from math import floor, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.timeline.picture import Timeline


def ticks(timeline: Timeline, about: int) -> list[tuple[float, str]]:
    """Seconds and how they are written; none where the axis does not show time.

    Args:
        timeline: Whose axis it is.
        about: How many there is room for, >= 1; there may be one more.
    """
    if not timeline.clock or timeline.length <= 0:
        return []
    step = _round(timeline.length / about)
    decimals = max(0, -floor(log10(step)))
    numbers = range(floor(timeline.length / step * (1 + 1e-9)) + 1)
    return [(number * step, f"{number * step:.{decimals}f}") for number in numbers]


def _round(least: float) -> float:
    """The smallest of 1, 2, 5, 10 … (and of their tenths) that is not under `least`."""
    unit = 10.0 ** floor(log10(least))
    return next(unit * times for times in (1, 2, 5, 10) if unit * times >= least * (1 - 1e-9))
