"""Timelines in lines of text."""

from __future__ import annotations

from io import BytesIO, TextIOWrapper

import pytest
from rich.cells import cell_len

from grader.report import Report, as_timeline
from grader.report.bars import LETTERS, bars
from grader.report.console import plain_console
from grader.results import CheckResult, Event, Finding, Kind, Verdict, stage_result, whole_result
from grader.timeline import Left, Recording, Stall, Step, timeline


def blocked() -> Report:
    """A stage whose only check blocked the loop."""
    message = "`time.sleep` held the loop for 50 ms"
    check = CheckResult(
        id="s03_async_await::test_pays",
        title="Pays the first order",
        points=2,
        earned=0,
        verdict=Verdict.FAILED,
        seconds=0,
        findings=(Finding(kind=Kind.BLOCKING, message=message, file="pipeline.py", line=5),),
    )
    recording = Recording(
        tuple(checkout(812, 0.0, 1)),
        steps=(Step(0.5, 2, 0.25),),
        stalls=(Stall(5, "waits", "time.sleep", 0.25),),
        file="pipeline.py",
        left=Left(events=9, checkouts=3),
    )
    result = whole_result("exercises", 7, "linux", (stage_result("s03_async_await", (check,)),))
    return Report(result, recordings={check.id: recording})


def checkout(user, begin, number):
    """Two calls of half a second each."""
    return [
        Event("called", begin, "get_user_data", user, number),
        Event("answered", begin + 0.5, "get_user_data", user, number),
        Event("called", begin + 0.5, "get_orders", user, number + 1),
        Event("answered", begin + 1, "get_orders", user, number + 1),
    ]


def drawn(*events, width=60):
    recording = Recording(tuple(sorted(events, key=lambda event: event.at)))
    return [row.text for row in bars(timeline(recording), width, LETTERS)]


def test_overlapping_and_sequential_work_look_different():
    """The same calls, under each other or in a staircase."""
    together = drawn(*checkout(1, 0.0, 1), *checkout(2, 0.0, 3))
    in_turn = drawn(*checkout(1, 0.0, 1), *checkout(2, 1.0, 3))

    assert together == [
        "        0.0 s     0.2       0.4        0.6       0.8",
        "user 1  [user_data---------------][orders------------------]",
        "user 2  [user_data---------------][orders------------------]",
    ]
    assert in_turn == [
        "        0.0 s        0.5          1.0         1.5",
        "user 1  [user_data--][orders-----]",
        "user 2                            [user_data-][orders------]",
    ]


def test_ends_have_signs_of_their_own():
    """A failure, a cancellation and what never ended differ without colour."""
    called = [Event("called", 0.0, "charge", user, user) for user in (1, 2, 3)]
    failed = Event("answered", 0.5, "charge", 1, 1, text="PaymentDeclined()", failed=True)
    gone = Event("abandoned", 0.5, "charge", 2, 2)

    lines = drawn(*called, failed, gone, Event("told", 1.0, "on_done"), width=28)

    assert lines[1:] == ["user 1  [charge--x", "user 2  [charge--/", "user 3  [charge------------~"]


def test_what_blocked_the_loop_is_named_with_its_line():
    """The loop's lane shows the block in its place, the line under it what it was."""
    report = blocked()
    (check,) = report.result.stages[0].checks

    rows = bars(timeline(report.recordings[check.id], check.findings), 60, LETTERS)

    assert [row.text for row in rows[2:]] == [
        "event loop                     #########",
        "            # time.sleep pipeline.py:5, 250 ms",
    ]
    assert [row.held for row in rows] == [False, False, True, True]


@pytest.mark.parametrize("width", [40, 60, 80, 100])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp949"])
def test_drawing_fits_any_terminal(width, encoding):
    """No line but the last is wider than the terminal, and none holds what the stream cannot carry."""
    written = BytesIO()
    stream = TextIOWrapper(written, encoding=encoding, newline="\n")

    as_timeline.show(blocked(), plain_console(stream, width))
    stream.flush()

    *lines, last = written.getvalue().decode(encoding).splitlines()
    assert all(cell_len(line) <= width for line in lines)
    assert last.startswith("0 of 2 points")


def test_check_without_a_history_is_a_line():
    """What was not run is named, too."""
    report = blocked()

    text = as_timeline.render(Report(report.result))

    assert text.startswith("failed   Pays the first order\n\n")


def test_what_is_not_drawn_is_counted():
    """A batch of which a part is drawn says so."""
    assert "\n  + 3 checkouts\n" in as_timeline.render(blocked())
