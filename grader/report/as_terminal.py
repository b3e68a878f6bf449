"""The result for a learner at a terminal: the ladder, one failure in full, one last line."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from grader.report import focus
from grader.report.console import can_carry, console_for, cut, plain_console, wrapped
from grader.report.failure import failure, run_again, shortened, title
from grader.report.harmless import harmless_report
from grader.walls.layers import standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from grader.report.content import Report
    from grader.results import StageResult

__all__ = ["console_for", "page", "plain_console", "render", "show"]

_BAR = 24


def render(report: Report) -> str:
    """Lay a report out as plain text, 80 columns wide."""
    stream = StringIO()
    show(report, plain_console(stream))
    return stream.getvalue()


def show(report: Report, console: Console) -> None:
    """Print a report; the last line is the whole result, on one line however long."""
    for line in page(report, console):
        line.rstrip()
        console.print(line, soft_wrap=True)


def page(report: Report, console: Console) -> Iterator[Text]:
    """Lay a report out for a console, line by line."""
    report = harmless_report(report, console.encoding)
    for block in (_heading, _ladder, _attention, _further, _not_graded):
        lines = list(block(report, console))
        if lines:
            yield from [*lines, Text()]
    yield _last_line(report)


def _heading(report: Report, console: Console) -> Iterator[Text]:
    result = report.result
    text = f"{result.submission}, seed {result.seed}, guarantees: {result.guarantees}"
    yield cut(Text(text, "dim"), console.width)
    if report.verbose:
        walls = standing(result.walls)
        text = f"walls: {', '.join(walls.names) or 'none'}; missing: {', '.join(walls.missing) or 'none'}"
        yield cut(Text(text, "dim"), console.width)


# The ladder


def _ladder(report: Report, console: Console) -> Iterator[Text]:
    stages = report.result.stages
    names = max((cell_len(stage.stage) for stage in stages), default=0)
    scores = [_score(stage) for stage in stages]
    digits = max(map(len, scores), default=0)
    states = [_state(report, stage) for stage in stages]
    room = console.width - names - digits - 6 - max((len(text) for text, _ in states), default=0)
    first_bonus = next((stage for stage in stages if stage.bonus), None)
    for stage, score, (state, style) in zip(stages, scores, states, strict=True):
        if stage is first_bonus:
            yield Text("bonus", "dim")
        row = Text.assemble(
            set_cell_size(stage.stage, names),
            f"  {score:>{digits}}  ",
            *_bar(stage, min(_BAR, room), style, console.encoding),
            (state, style),
        )
        yield cut(row, console.width)


def _score(stage: StageResult) -> str:
    return f"{focus.points(stage.score)}/{focus.points(stage.max_score)}"


def _state(report: Report, stage: StageResult) -> tuple[str, str]:
    """Say where a stage stands, and in which style."""
    if not stage.checks:
        return "no checks", "dim"
    if any(undecided is stage for undecided, _ in focus.undecided(report)):
        return "could not be graded", "magenta"
    if stage.finished:
        return "done", "green"
    if stage.stage in report.untouched:
        return "not started", "dim"
    return focus.checks_to_go(stage), "yellow"


def _bar(stage: StageResult, size: int, style: str, encoding: str) -> list[tuple[str, str]]:
    """Draw the share of the points; nothing where there is no room for it."""
    if size < 4:
        return []
    share = min(1.0, stage.score / stage.max_score) if stage.max_score else 0.0
    full = max(int(share * size), share > 0)
    line, dot = ("━", "·") if can_carry("━·", encoding) else ("=", ".")
    return [(line * full, style), (dot * (size - full), "dim"), ("  ", "")]


# What to do next


def _attention(report: Report, console: Console) -> Iterator[Text]:
    """Show the one thing that the learner should look at now."""
    stage = focus.next_stage(report)
    if stage is None:
        return
    check = focus.first_cause(stage)
    if stage.stage in report.untouched:
        yield from _start(report, stage, console)
    elif check is not None:
        yield from failure(report, stage, check, console)


def _start(report: Report, stage: StageResult, console: Console) -> Iterator[Text]:
    yield from wrapped(Text(f"Start with {stage.stage}", "bold"), console)
    for verb, what in (
        ("read", report.readme_of(stage.stage)),
        ("edit", report.file_of(stage.stage)),
        ("run", report.run_again(stage.stage)),
    ):
        yield from wrapped(Text.assemble((f"{verb:<6}", "dim"), (what, "cyan")), console, left=2)


def _further(report: Report, console: Console) -> Iterator[Text]:
    """Say where to go on when the core is finished."""
    if report.further:
        ladder = f"The bonus ladder goes on: {', '.join(report.further)}."
        yield from wrapped(Text(ladder), console)
        run = Text.assemble("Run it: ", (f"{report.command} --bonus", "cyan"))
        yield from wrapped(run, console)


# What could not be graded


def _not_graded(report: Report, console: Console) -> Iterator[Text]:
    """Say what the grader could not do, and that nobody loses by it."""
    if report.result.gradable:
        return
    unknown = focus.undecided(report)
    if not unknown:
        yield from wrapped(Text("Look whether the path and the stage are right."), console)
        yield from run_again(report.command.removesuffix(" --"), console, left=0)
        return
    stage, check = unknown[0]
    yield from title("Could not be graded", stage, check, console)
    if check.findings:
        yield from wrapped(Text(shortened(check.findings[0].message)), console, left=2)
        yield Text()
    if len(unknown) > 1:
        more = focus.count(len(unknown) - 1, "check")
        yield cut(Text(f"  also: {more} without a verdict", "dim"), console.width)
        yield Text()
    blame = "The grader or the machine failed here, not your program."
    report_it = f"If it happens again, report it with the seed, {report.result.seed}."
    for sentence in (blame, report_it):
        yield from wrapped(Text(sentence), console, left=2)
    yield from run_again(report.run_again(stage.stage), console)


def _last_line(report: Report) -> Text:
    style = {0: "bold green", 3: "bold magenta"}.get(report.result.exit_code, "bold")
    return Text(focus.summary(report), style)
