"""The timelines as trace events in JSON, for Perfetto and its kin.

Each check is a process of the trace, each row of a lane a thread of it, each bar a complete event. Times are
microseconds of the check's axis: the shop's clock, with the real time of the loop's steps let in.

Source: "Trace Event Format", the Chromium project; only the phases X (complete), i (instant) and M (metadata) are used.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

from grader.report.harmless import harmless_report
from grader.timeline import timeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.report.content import Report
    from grader.results import CheckResult
    from grader.timeline import Bar, Lane, Mark

TIMELINES = True
MICRO = 1_000_000
Record: TypeAlias = "dict[str, str | float | dict[str, str | float]]"
COLOURS = {"failed": "terrible", "cancelled": "grey", "open": "bad"}
"""Names that the format reserves, for how a bar ended; `done` has the viewer's own."""


def render(report: Report) -> str:
    """Write every check that has a history, one event on a line."""
    report = harmless_report(report)
    checks = [check for stage in report.result.stages for check in stage.checks]
    events = [event for pid, check in enumerate(checks, 1) for event in _check(report, check, pid)]
    lines = ",\n".join(json.dumps(event) for event in events)
    other = json.dumps({"submission": report.result.submission, "seed": report.result.seed})
    return f'{{"displayTimeUnit": "ms", "otherData": {other}, "traceEvents": [\n{lines}\n]}}\n'


def _check(report: Report, check: CheckResult, pid: int) -> Iterator[Record]:
    recording = report.recordings.get(check.id)
    if recording is None:
        return
    yield _named("process_name", pid, 0, f"{check.verdict}: {check.title}")
    yield _sorted("process_sort_index", pid, 0, pid)
    tid = 0
    for lane in timeline(recording, check.findings).lanes:
        for row, bars in enumerate(lane.rows or ((),)):
            tid += 1
            yield _named("thread_name", pid, tid, _name(lane, row))
            yield _sorted("thread_sort_index", pid, tid, tid)
            yield from (_complete(bar, lane, pid, tid) for bar in bars)
            if row == 0:
                yield from (_instant(mark, pid, tid) for mark in lane.marks)


def _name(lane: Lane, row: int) -> str:
    names = {"checkout": "user ", "thread": "worker thread ", "loop": "event loop", "batch": ""}
    number = "" if lane.kind == "loop" else str(lane.number)
    name = lane.name if lane.kind == "batch" else names[lane.kind] + number
    return f"{name} ({row + 1})" if row else name


def _complete(bar: Bar, lane: Lane, pid: int, tid: int) -> Record:
    event: Record = {
        "name": bar.label or ("blocked" if bar.kind == "hold" else "step"),
        "cat": f"{lane.kind},{bar.kind}",
        "ph": "X",
        "ts": round(bar.begin * MICRO),
        "dur": round(bar.end * MICRO)
        - round(bar.begin * MICRO),  # so that neighbours never overlap
        "pid": pid,
        "tid": tid,
        "args": _args(bar) | {"outcome": bar.outcome},
    }
    colour = "terrible" if bar.kind == "hold" else COLOURS.get(bar.outcome)
    return event | ({"cname": colour} if colour else {})


def _instant(mark: Mark, pid: int, tid: int) -> Record:
    return {
        "name": f"{mark.label}: {mark.kind}",
        "cat": mark.kind,
        "ph": "i",
        "ts": round(mark.at * MICRO),
        "pid": pid,
        "tid": tid,
        "s": "t",
        "args": _args(mark),
    }


def _args(thing: Bar | Mark) -> dict[str, str | float]:
    args: dict[str, str | float] = {"text": thing.text} if thing.text else {}
    return args | ({"line": thing.line} if thing.line else {})


def _named(what: str, pid: int, tid: int, name: str) -> Record:
    return {"name": what, "ph": "M", "pid": pid, "tid": tid, "args": {"name": name}}


def _sorted(what: str, pid: int, tid: int, place: int) -> Record:
    return {"name": what, "ph": "M", "pid": pid, "tid": tid, "args": {"sort_index": place}}
