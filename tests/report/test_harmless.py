"""Text of strangers is shown as what it is, and does nothing."""

from __future__ import annotations

import pytest

from grader.report import Report
from grader.report.harmless import harmless, harmless_report
from grader.results import CheckResult, Verdict, stage_result, whole_result


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("plain words", "plain words"),
        ("\uacb0\uc81c caf\xe9 \U0001f600", "\uacb0\uc81c caf\xe9 \U0001f600"),
        ("\x1b[2J", r"\x1b[2J"),
        ("one\r\ntwo\rthree\n", "one\ntwo\\x0dthree\n"),
        ("\tindented", "    indented"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("\U000e0041tag", r"\U000e0041tag"),
        ("\udc80", r"\udc80"),
        ("no\u00a0break", "no\u00a0break"),
    ],
)
def test_escapes_only_what_cannot_be_seen(given: str, shown: str) -> None:
    """Letters of every script stay; what commands a terminal is spelt out."""
    assert harmless(given) == shown


def test_spells_what_the_stream_cannot_carry() -> None:
    """A stream of few characters gets an escape, and not an error."""
    assert harmless("\uacb0 caf\xe9 \x1b", "ascii") == r"\uacb0 caf\xe9 \x1b"


def test_only_output_and_sources_keep_their_lines() -> None:
    """A newline in a title, a path or a command cannot forge a line of the report."""
    check = CheckResult(
        id="s01_a::test_a",
        title="two\nlines",
        points=1,
        earned=1,
        verdict=Verdict.PASSED,
        seconds=0,
        output="two\nlines",
    )
    result = whole_result("two\nlines", 1, "linux", (stage_result("s01_a", (check,)),))

    report = harmless_report(
        Report(result, {"s01_a": "a\rb\r\nc"}, {"s01_a": "x\ny"}, command="\n")
    )

    (shown,) = report.result.stages[0].checks
    assert (report.result.submission, shown.title, shown.output) == (
        "two lines",
        "two lines",
        "two\nlines",
    )
    assert report.sources == {"s01_a": "a\nb\nc"}
    assert (report.files, report.command) == ({"s01_a": "x y"}, " ")
