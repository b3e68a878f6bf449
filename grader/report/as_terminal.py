"""The result for a learner at a terminal: the ladder, one failure in full, one last line."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from grader.language import say, say_count
from grader.report import focus
from grader.report.console import can_carry, console_for, cut, plain_console, wrapped
from grader.report.failure import failure, printed, run_again, shortened, title
from grader.report.harmless import harmless_report
from grader.results import Verdict
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
    middle = _passed if report.only else ladder
    for block in (_heading, middle, attention, _further, not_graded):
        lines = list(block(report, console))
        if lines:
            yield from [*lines, Text()]
    yield _last_line(report)


def _heading(report: Report, console: Console) -> Iterator[Text]:
    result = report.result
    text = say(
        "{submission}, seed {seed}, guarantees: {guarantees}",
        submission=result.submission,
        seed=result.seed,
        guarantees=result.guarantees,
    )
    yield cut(Text(text, "dim"), console.width)
    if report.verbose:
        walls = standing(result.walls)
        up, missing = ", ".join(walls.names), ", ".join(walls.missing)
        text = say(
            "walls: {walls}; missing: {missing}",
            walls=up or say("none"),
            missing=missing or say("none"),
        )
        yield cut(Text(text, "dim"), console.width)


def _passed(report: Report, console: Console) -> Iterator[Text]:
    """Show what the one check that was judged printed, where no failure does."""
    for check in report.result.stages[0].checks:
        if check.verdict is Verdict.PASSED:
            yield from printed(check, console)


# The ladder


def ladder(report: Report, console: Console) -> Iterator[Text]:
    """Give each stage a row, and those of the bonus ladder a heading."""
    stages = report.result.stages
    first_bonus = next((stage for stage in stages if stage.bonus), None)
    for stage, row in zip(stages, rows(report, console), strict=True):
        if stage is first_bonus:
            yield Text(say("bonus"), "dim")
        yield row


def rows(report: Report, console: Console, left: int = 0) -> Iterator[Text]:
    """Give each stage a row; `left` columns of the console are somebody else's."""
    width = console.width - left
    stages = report.result.stages
    names = max((cell_len(stage.stage) for stage in stages), default=0)
    scores = [_score(stage) for stage in stages]
    digits = max(map(len, scores), default=0)
    states = [_state(report, stage) for stage in stages]
    widest = max((cell_len(text) for text, _ in states), default=0)
    room = width - names - digits - 6 - widest
    for stage, score, (state, style) in zip(stages, scores, states, strict=True):
        row = Text.assemble(
            set_cell_size(stage.stage, names),
            f"  {score:>{digits}}  ",
            *_bar(stage, min(_BAR, room), style, console.encoding),
            (state, style),
        )
        yield cut(row, width)


def _score(stage: StageResult) -> str:
    return f"{focus.points(stage.score)}/{focus.points(stage.max_score)}"


def _state(report: Report, stage: StageResult) -> tuple[str, str]:
    """Say where a stage stands, and in which style."""
    if not stage.checks:
        return say("no checks"), "dim"
    if any(undecided is stage for undecided, _ in focus.undecided(report)):
        return say("could not be graded"), "magenta"
    if stage.finished:
        return say("done"), "green"
    if stage.stage in report.untouched:
        return say("not started"), "dim"
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


def attention(report: Report, console: Console) -> Iterator[Text]:
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
    yield from wrapped(Text(say("Start with {stage}", stage=stage.stage), "bold"), console)
    steps = {
        say("read"): report.readme_of(stage.stage),
        say("edit"): report.file_of(stage.stage),
        say("run"): report.run_again(stage.stage),
    }
    wide = max(map(cell_len, steps)) + 2
    for verb, what in steps.items():
        row = Text.assemble((set_cell_size(verb, wide), "dim"), (what, "cyan"))
        yield from wrapped(row, console, left=2)


def _further(report: Report, console: Console) -> Iterator[Text]:
    """Say where to go on when the core is finished."""
    if report.further:
        stages = ", ".join(report.further)
        text = say("The bonus ladder goes on: {stages}.", stages=stages)
        yield from wrapped(Text(text), console)
        run = Text.assemble(say("Run it:"), " ", (f"{report.command} --bonus", "cyan"))
        yield from wrapped(run, console)


# What could not be graded


def not_graded(report: Report, console: Console) -> Iterator[Text]:
    """Say what the grader could not do, and that nobody loses by it."""
    if report.result.gradable:
        return
    unknown = focus.undecided(report)
    if not unknown:
        yield from wrapped(Text(say("Look whether the path and the stage are right.")), console)
        yield from run_again(report.command.removesuffix(" --"), console, left=0)
        return
    stage, check = unknown[0]
    yield from title(say("Could not be graded: {title}", title=check.title), stage, check, console)
    if check.findings:
        yield from wrapped(Text(shortened(check.findings[0].message)), console, left=2)
        yield Text()
    if len(unknown) > 1:
        more = say_count(
            "also: {count} check without a verdict",
            "also: {count} checks without a verdict",
            len(unknown) - 1,
        )
        yield cut(Text(f"  {more}", "dim"), console.width)
        yield Text()
    blame = say("The grader or the machine failed here, not your program.")
    report_it = say(
        "If it happens again, report it with the seed, {seed}.", seed=report.result.seed
    )
    for sentence in (blame, report_it):
        yield from wrapped(Text(sentence), console, left=2)
    yield from run_again(report.run_again(stage.stage), console)


def _last_line(report: Report) -> Text:
    style = {0: "bold green", 3: "bold magenta"}.get(report.result.exit_code, "bold")
    return Text(focus.summary(report), style)
