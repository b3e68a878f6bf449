"""Trace events, held against the fields that the format documents."""

from __future__ import annotations

import json
from itertools import groupby, pairwise

from grader.report import Report, render
from grader.results import CheckResult, Event, Verdict, stage_result, whole_result
from grader.timeline import Operation, Recording, Stall, Step

COMMON = {"name": str, "ph": str, "pid": int, "tid": int, "args": dict}
FIELDS = {
    "X": {**COMMON, "cat": str, "ts": int, "dur": int},
    "i": {**COMMON, "cat": str, "ts": int, "s": str},
    "M": COMMON,
}
"""Phase to the fields that an event of it has, by the Trace Event Format; `cname` may be added."""
METADATA = {"process_name", "process_sort_index", "thread_name", "thread_sort_index"}


def events() -> list[dict[str, object]]:
    """The trace of a check with two calls at once, a blocked loop and a callback."""
    check = CheckResult(
        id="s01_callbacks::test_pays",
        title="Pays",
        points=1,
        earned=1,
        verdict=Verdict.PASSED,
        seconds=0,
    )
    recording = Recording(
        (
            Event("called", 0.0, "get_user_data", 812, 1, line=4),
            Event("called", 0.1, "get_orders", 812, 2, line=5),
            Event("answered", 0.2, "get_user_data", 812, 1, text="UserNotFound()", failed=True),
            Event("answered", 0.4, "get_orders", 812, 2),
            Event("told", 0.4, "on_done", 812, 1),
        ),
        (Operation(1, "checkout", 0, (812,), 1),),
        (Step(0.1, 1, 0.001), Step(0.2, 3, 0.05)),
        (Stall(5, "waits", "time.sleep", 0.05),),
        {2: 1},
    )
    result = whole_result("exercises", 7, "linux", (stage_result("s01_callbacks", (check,)),))
    document = json.loads(render("trace", Report(result, recordings={check.id: recording})))
    assert document["displayTimeUnit"] in ("ms", "ns")
    assert document["otherData"] == {"submission": "exercises", "seed": 7}
    return document["traceEvents"]


def test_every_event_has_the_documented_fields():
    """No more, no less, of the documented types; a scope and a duration are what they may be."""
    for event in events():
        fields = FIELDS[event["ph"]]
        assert set(event) - {"cname"} == set(fields)
        assert all(type(event[name]) is kind for name, kind in fields.items())
        assert event.get("dur", 0) >= 0
        assert event.get("ts", 0) >= 0
        assert event.get("s", "t") in ("g", "p", "t")
        assert event["ph"] != "M" or event["name"] in METADATA


def test_every_row_has_a_name():
    """A viewer shows users, threads and the loop, in this order."""
    names = [event["args"]["name"] for event in events() if event["name"] == "thread_name"]

    assert names == ["user 812", "user 812 (2)", "user 812 (3)", "worker thread 1", "event loop"]


def test_complete_events_of_a_row_do_not_overlap():
    """A viewer nests complete events of one thread, and takes an overlap for a broken trace."""
    complete = [event for event in events() if event["ph"] == "X"]

    for _, row in groupby(complete, key=lambda event: event["tid"]):
        own = list(row)
        assert all(a["ts"] + a["dur"] <= b["ts"] for a, b in pairwise(own))


def test_times_are_microseconds_and_a_block_is_marked():
    """What blocked the loop is in the loop's row, with its line."""
    (hold,) = (event for event in events() if event["name"] == "time.sleep")

    assert (hold["ts"], hold["dur"]) == (201_000, 50_000)
    assert hold["args"] == {"line": 5, "outcome": "done"}
    assert hold["cname"] == "terrible"
