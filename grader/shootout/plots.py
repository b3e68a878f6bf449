"""Plots of a shootout as SVG, drawn by Vega-Lite without a browser or a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import vl_convert

from grader.language import say
from grader.shootout import words
from grader.shootout.plan import SERVERS

if TYPE_CHECKING:
    from grader.shootout.results import Shootout

COLOURS = ["#b3261e", "#9a5b00", "#00696e", "#3b6ea5", "#7b3fa0"]
SHAPES = ["circle", "square", "triangle-up", "diamond", "cross"]
WIDTH, HEIGHT = 300, 220


def rates(shootout: Shootout) -> str:
    """Answers a second by clients."""
    return _lines(shootout, "rate", say("answers a second"))


def latenesses(shootout: Shootout) -> str:
    """The slowest hundredth by clients."""
    return _lines(shootout, "late", say("99th percentile, ms"))


def _lines(shootout: Shootout, field: str, name: str) -> str:
    """One plot for each kind of work, side by side, both axes logarithmic."""
    parts = [_of(work, _values(shootout, work), field, name) for work in words.WORKS]
    chart: Any = alt.hconcat(*parts)
    return str(vl_convert.vegalite_to_svg(chart.to_dict()))


def _values(shootout: Shootout, work: str) -> list[dict[str, Any]]:
    return [
        {
            "server": row.cell.server,
            "clients": row.cell.connections,
            "rate": row.rate,
            "late": row.late * 1000,
        }
        for row in shootout.rows
        if row.cell.work == work
    ]


def _of(work: str, values: list[dict[str, Any]], field: str, name: str) -> Any:  # noqa: ANN401 - altair's own types are made at run time
    data: Any = alt.Data
    ticks = sorted({value["clients"] for value in values})
    log = alt.Scale(type="log", nice=False)
    server: dict[str, Any] = {"title": None, "sort": list(SERVERS)}
    colours, shapes = (alt.Scale(domain=list(SERVERS), range=each) for each in (COLOURS, SHAPES))
    chart = alt.Chart(data(values=values), title=say(words.WORKS[work])).mark_line(
        point=alt.OverlayMarkDef(size=70, filled=True)
    )
    return chart.encode(
        x=alt.X(
            "clients:Q", scale=log, axis=alt.Axis(values=ticks), title=say("clients at a time")
        ),
        y=alt.Y(f"{field}:Q", scale=alt.Scale(type="log"), title=name),
        color=alt.Color("server:N", scale=colours, **server),
        shape=alt.Shape("server:N", scale=shapes, **server),
    ).properties(width=WIDTH, height=HEIGHT)
