"""The timelines for a terminal: every check that was run, drawn; the last line is the whole result."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from grader.language import later, say, say_count
from grader.report import focus
from grader.report.bars import LETTERS, LINES, bars
from grader.report.console import can_carry, cut, plain_console
from grader.report.harmless import harmless_report
from grader.timeline import timeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from grader.report.content import Report
    from grader.results import CheckResult
    from grader.timeline import Recording

TIMELINES = True
VERDICTS = {
    "passed": later("passed"),
    "failed": later("failed"),
    "skipped": later("skipped"),
    "unknown": later("unknown"),
}
STYLES = {"passed": "green", "failed": "bold red", "unknown": "magenta"}


def render(report: Report) -> str:
    """Draw the timelines as plain text, 80 columns wide."""
    stream = StringIO()
    show(report, plain_console(stream))
    return stream.getvalue()


def show(report: Report, console: Console) -> None:
    """Print the timelines."""
    report = harmless_report(report, console.encoding)
    for stage in report.result.stages:
        for check in stage.checks:
            for line in [*_check(report, check, console), Text()]:
                line.rstrip()
                console.print(cut(line, console.width), soft_wrap=True)
    console.print(Text(focus.summary(report)), soft_wrap=True)


def _check(report: Report, check: CheckResult, console: Console) -> Iterator[Text]:
    wide = max(map(cell_len, map(say, VERDICTS.values()))) + 2
    verdict = set_cell_size(say(VERDICTS[check.verdict]), wide)
    yield Text.assemble((verdict, STYLES.get(check.verdict, "dim")), check.title)
    recording = report.recordings.get(check.id)
    if recording is not None:
        yield from drawn(recording, check, console)


def drawn(recording: Recording, check: CheckResult, console: Console) -> Iterator[Text]:
    """Draw the timeline of one check, in lines that fit the console; nothing if nothing happened."""
    picture = timeline(recording, check.findings)
    strokes = LINES if can_carry("".join(vars(LINES).values()), console.encoding) else LETTERS
    if picture.lanes:
        for row in bars(picture, console.width - 2, strokes):
            yield cut(Text(f"  {row.text}", "bold red" if row.held else ""), console.width)
    if left := picture.left.checkouts:
        more = say_count("+ {count} checkout", "+ {count} checkouts", left)
        yield cut(Text(f"  {more}", "dim"), console.width)
