"""The page suits the stream that it is written to."""

from __future__ import annotations

import os
import struct
from io import BytesIO, StringIO, TextIOWrapper
from typing import TYPE_CHECKING

import pytest

from grader.report import Report, as_terminal
from grader.results import CheckResult, Finding, Kind, Verdict, stage_result, whole_result

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TextIO


class Terminal(StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def report(*findings: Finding, sources: Mapping[str, str] | None = None) -> Report:
    """Report on one stage with one failed check."""
    check = CheckResult(
        id="s02_futures::test_pays_once",
        title="Pays once",
        points=1,
        earned=0,
        verdict=Verdict.FAILED,
        seconds=0,
        findings=findings,
    )
    stages = (stage_result("s02_futures", (check,)),)
    return Report(whole_result("exercises", 1, "linux", stages), sources or {})


def written(stream: TextIO, environ: Mapping[str, str]) -> str:
    """Show a small report on a StringIO that was asked how it wants it."""
    assert isinstance(stream, StringIO)
    finding = Finding(kind=Kind.BEHAVIOUR, message="order 11 was paid 2 times")
    as_terminal.show(report(finding), as_terminal.console_for(stream, environ))
    return stream.getvalue()


@pytest.mark.parametrize("environ", [{}, {"TERM": "xterm-256color"}, {"FORCE_COLOR": "1"}])
def test_terminal_gets_colour(environ: dict[str, str]) -> None:
    """At a terminal the report is coloured."""
    assert "\x1b[" in written(Terminal(), environ)


@pytest.mark.parametrize(
    "environ",
    [
        {"NO_COLOR": "1"},
        {"TERM": "dumb"},
        {"NO_COLOR": "1", "FORCE_COLOR": "1"},
        {"TERM": "dumb", "FORCE_COLOR": "1"},
    ],
)
def test_no_escape_where_colour_is_unwanted(environ: dict[str, str]) -> None:
    """Who asks for no colour gets no bold and no dim either."""
    assert "\x1b" not in written(Terminal(), environ)


def test_file_gets_neither_colour_nor_another_width() -> None:
    """A file is 80 columns wide, whatever terminal the command was typed at."""
    stream = StringIO()

    console = as_terminal.console_for(stream, {"TERM": "xterm-256color"})

    assert "\x1b" not in written(stream, {"TERM": "xterm-256color"})
    assert console.width == 80


@pytest.mark.parametrize(
    ("environ", "width"),
    [
        ({"COLUMNS": "60"}, 60),
        ({"COLUMNS": "60", "TERM": "dumb"}, 60),
        ({"COLUMNS": "300"}, 100),
        ({"COLUMNS": "0"}, 80),
        ({"COLUMNS": "wide"}, 80),
    ],
)
def test_width_may_be_asked_for(environ: dict[str, str], width: int) -> None:
    """COLUMNS is obeyed up to what can be read with comfort."""
    assert as_terminal.console_for(StringIO(), environ).width == width


@pytest.fixture
def narrow() -> Iterator[TextIO]:
    """Open a real terminal of 48 columns."""
    pty, fcntl, termios = map(pytest.importorskip, ("pty", "fcntl", "termios"))
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 48, 0, 0))
    with os.fdopen(leader), os.fdopen(follower, "w", encoding="utf-8") as stream:
        yield stream


def test_terminal_says_its_width(narrow: TextIO) -> None:
    """The page is as wide as the window."""
    assert as_terminal.console_for(narrow, {"TERM": "dumb"}).width == 48


def test_poor_encoding_gets_plain_bars() -> None:
    """A stream that cannot carry the bar gets one that it can."""
    stream = TextIOWrapper(BytesIO(), encoding="ascii")
    finding = Finding(kind=Kind.BEHAVIOUR, message="caf\xe9", file="pipeline.py", line=1)

    as_terminal.show(
        report(finding, sources={"s02_futures": "pass\n"}), as_terminal.plain_console(stream)
    )

    stream.seek(0)
    page = stream.read()
    assert "s02_futures  0/1  ........................  1 check to go" in page
    assert "  > 1 | pass" in page
    assert r"caf\xe9" in page


@pytest.mark.parametrize(
    ("finding", "shown"),
    [
        (Finding(kind=Kind.CRASH, message="m", file="pipeline.py"), "s02_futures/pipeline.py"),
        (Finding(kind=Kind.CRASH, message="m", file="other.py", line=3), "other.py:3"),
        (Finding(kind=Kind.CRASH, message="m", file="pipeline.py", line=9), "pipeline.py:9"),
    ],
    ids=["no line", "another file", "beyond the end"],
)
def test_no_source_line_where_none_is_known(finding: Finding, shown: str) -> None:
    """The place is named as far as it is known, and no other line is passed off as it."""
    page = as_terminal.render(report(finding, sources={"s02_futures": "one\ntwo\nthree\n"}))

    assert shown in page
    assert "│" not in page


def test_failure_without_a_finding_is_still_named() -> None:
    """What failed and how to go on is said, though nobody knows why."""
    page = as_terminal.render(report())

    assert "Failed: Pays once\ns02_futures, 1 point\n\n  Run again: nox -s grade -- s02\n" in page


def test_endless_message_is_shortened() -> None:
    """A message of a thousand words does not push the rest off the screen."""
    page = as_terminal.render(report(Finding(kind=Kind.CRASH, message="word " * 1000)))

    assert "word ...\n" in page
    assert len(page.splitlines()) < 25


def test_a_finished_core_points_to_the_bonus_ladder() -> None:
    """Where the learner can go on is told, with the command for it; bonus stages stand apart."""
    (core,) = report().result.stages
    further = Report(report().result, further=("s05_b", "s06_c"))
    judged = stage_result("s05_b", core.checks, bonus=True)
    whole = Report(whole_result("exercises", 1, "linux", (core, judged)))

    assert "The bonus ladder goes on: s05_b, s06_c.\nRun it: nox -s grade -- --bonus\n" in (
        as_terminal.render(further)
    )
    assert "bonus\ns05_b" in as_terminal.render(whole)
