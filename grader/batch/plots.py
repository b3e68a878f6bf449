"""Plots of a class as SVG, drawn by Vega-Lite without a browser or a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import vl_convert

from grader.batch.figures import BINS

if TYPE_CHECKING:
    from grader.batch.figures import Figures

INK = "#3b6ea5"
WIDTH = 640
SHOWN = 25
"""Checks in the plot of those that fail most."""


def histogram(figures: Figures) -> str:
    """How many students have how many of the marks."""
    step = 100 / BINS
    bars = [
        {"from": number * step, "to": (number + 1) * step, "students": count}
        for number, count in enumerate(figures.bins)
    ]
    chart = _bars(bars)
    return _svg(
        chart.encode(
            x=alt.X("from:Q", bin="binned", title="score, per cent"),
            x2="to:Q",
            y=alt.Y("students:Q", title="students", axis=_whole_numbers(max(figures.bins))),
        ),
        height=180,
    )


def failures(figures: Figures) -> str:
    """Which checks fail most often."""
    bars = [
        {"check": check, "share": 100 * times / max(1, figures.graded)}
        for check, times in figures.failed.most_common(SHOWN)
    ]
    chart = _bars(bars)
    share = alt.X("share:Q", title="failed by, per cent of students")
    check = alt.Y("check:N", sort=None, title=None, axis=alt.Axis(labelLimit=320))
    return _svg(chart.encode(x=share.scale(domain=[0, 100]), y=check), height=18 * len(bars))


def _whole_numbers(most: int) -> alt.Axis:
    """An axis of counts: a few of them are each named, for half a student is no mark."""
    return alt.Axis(format="d", tickCount=min(most, 5))


def _bars(rows: list[dict[str, Any]]) -> Any:  # noqa: ANN401 - altair's own types are made at run time
    data: Any = alt.Data
    return alt.Chart(data(values=rows)).mark_bar(color=INK)


def _svg(chart: Any, height: int) -> str:  # noqa: ANN401 - as above
    specification = chart.properties(width=WIDTH, height=max(height, 20)).to_dict()
    return str(vl_convert.vegalite_to_svg(specification))
