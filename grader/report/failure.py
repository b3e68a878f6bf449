"""The one failure that a learner looks at now: what happened, where, in which order, and what to ask oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from grader.language import say, say_count
from grader.report import focus
from grader.report.console import can_carry, cut, wrapped
from grader.report.drawing import DRAWN, PLAIN, drawing, helps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from grader.report.content import Report
    from grader.results import CheckResult, Finding, StageResult

_ECHOES = 8
_OUTPUT_LINES = 8
_MESSAGE = 600


def failure(
    report: Report, stage: StageResult, check: CheckResult, console: Console
) -> Iterator[Text]:
    """Show one failed check in full, and the others in a line each."""
    yield from title(say("Failed: {title}", title=check.title), stage, check, console)
    if check.findings:
        yield from _finding(report, stage, check.findings[0], console)
        yield from drawn(check, console)
        yield from _hint(check.findings[0], console)
    yield from printed(check, console)
    yield from _folded(stage, check, console)
    yield from run_again(report.run_again(stage.stage), console)


def title(
    headline: str, stage: StageResult, check: CheckResult, console: Console
) -> Iterator[Text]:
    """Say which check it is, and what it is worth."""
    worth = focus.points(check.points)
    yield from wrapped(Text(headline, "bold"), console)
    where = (
        say("{stage}, 1 point", stage=stage.stage)
        if worth == "1"
        else say("{stage}, {worth} points", stage=stage.stage, worth=worth)
    )
    yield cut(Text(where, "dim"), console.width)
    yield Text()


def _finding(
    report: Report, stage: StageResult, finding: Finding, console: Console
) -> Iterator[Text]:
    yield from wrapped(Text(shortened(finding.message)), console, left=2)
    yield Text()
    if finding.file is not None:
        own = report.is_pipeline(stage.stage, finding.file)
        path = report.file_of(stage.stage) if own else finding.file
        line = "" if finding.line is None else f":{finding.line}"
        yield from wrapped(Text(f"{path}{line}", "cyan"), console, left=2)
        if own and finding.line is not None:
            yield from _source(report.sources.get(stage.stage, ""), finding.line, console)
        yield Text()


def _hint(finding: Finding, console: Console) -> Iterator[Text]:
    if finding.hint:
        hint = Text.assemble((say("Hint:"), "bold yellow"), " ", finding.hint)
        yield from wrapped(hint, console, left=2)
        yield Text()


def _source(source: str, marked: int, console: Console) -> Iterator[Text]:
    gutter = "│" if can_carry("│", console.encoding) else "|"
    lines = focus.excerpt(source, marked)
    digits = len(str(lines[-1][0])) if lines else 0
    for number, code in lines:
        sign, style = (">", "bold") if number == marked else (" ", "dim")
        row = Text(f"  {sign} {number:>{digits}} {gutter} {code}", style)
        yield cut(row, console.width)


def drawn(check: CheckResult, console: Console) -> Iterator[Text]:
    """Draw what led to the finding, where the order of events says more than it does."""
    if not helps(check.findings[0].kind, check.story):
        return
    signs = DRAWN if can_carry("".join(vars(DRAWN).values()), console.encoding) else PLAIN
    for line in drawing(check.story, console.width - 2, signs):
        style = "bold red" if line.wrong else "" if line.event else "dim"
        yield cut(Text(f"  {line.text}".rstrip(), style), console.width)
    yield Text()


def printed(check: CheckResult, console: Console) -> Iterator[Text]:
    """Show the end of what the submission printed: the lines nearest to the failure."""
    if not check.output.strip():
        return
    lines = check.output.strip("\n").split("\n")
    shown = lines[-_OUTPUT_LINES:]
    heading = (
        say("It printed (the last {shown} of {all} lines):", shown=len(shown), all=len(lines))
        if len(shown) < len(lines)
        else say("It printed:")
    )
    yield cut(Text(f"  {heading}", "dim"), console.width)
    for line in shown:
        yield cut(Text(f"    {line}"), console.width)
    yield Text()


def _folded(stage: StageResult, check: CheckResult, console: Console) -> Iterator[Text]:
    """Give one line to each thing that is probably an echo, and one to all skipped checks."""
    echoes = list(focus.echoes(stage, check))
    lines = [say("also: {echo}", echo=echo) for echo in echoes[:_ECHOES]]
    if len(echoes) > _ECHOES:
        lines.append(say("and {count} more", count=len(echoes) - _ECHOES))
    if skipped := focus.skipped(stage):
        lines.append(
            say_count(
                "{count} check skipped: it builds on one that failed",
                "{count} checks skipped: they build on one that failed",
                skipped,
            )
        )
    yield from (cut(Text(f"  {line}", "dim"), console.width) for line in lines)
    if lines:
        yield Text()


def run_again(command: str, console: Console, left: int = 2) -> Iterator[Text]:
    """Say what grades this stage again."""
    yield from wrapped(Text.assemble(say("Run again:"), " ", (command, "cyan")), console, left)


def shortened(text: str) -> str:
    """Cut a message that would push the rest off the screen."""
    return text if len(text) <= _MESSAGE else f"{text[:_MESSAGE].rstrip()} ..."
