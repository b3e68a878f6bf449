"""The result for a learner at a terminal: the ladder, one failure in full, one last line."""

from __future__ import annotations

import os
from io import StringIO
from typing import TYPE_CHECKING, TextIO

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from grader.report import focus
from grader.report.harmless import harmless_report
from grader.walls.layers import Wall

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.report.content import Report
    from grader.results import CheckResult, Finding, StageResult


_WIDTH = 80
_WIDEST = 100
_ECHOES = 8
_OUTPUT_LINES = 8
_MESSAGE = 600
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


def plain_console(stream: TextIO, width: int = _WIDTH) -> Console:
    """Make a console that writes letters only."""
    return _console(stream, width, coloured=False)


def console_for(stream: TextIO, environ: Mapping[str, str]) -> Console:
    """Make the console that suits a stream: its width, its encoding, and colour where it is wanted.

    Of the environment NO_COLOR, FORCE_COLOR, TERM and COLUMNS count.

    Source: no-color.org and force-color.org.
    """
    return _console(stream, _width(stream, environ), coloured=_wants_colour(stream, environ))


def _console(stream: TextIO, width: int, *, coloured: bool) -> Console:
    return Console(
        file=stream,
        width=width,
        height=25,  # without it rich thinks a dumb terminal 80 columns wide
        color_system="standard" if coloured else None,
        force_terminal=coloured,
        no_color=not coloured,
        highlight=False,
        markup=False,
        emoji=False,
    )


def _wants_colour(stream: TextIO, environ: Mapping[str, str]) -> bool:
    if environ.get("NO_COLOR") or environ.get("TERM") in {"dumb", "unknown"}:
        return False
    return bool(environ.get("FORCE_COLOR")) or stream.isatty()


def _width(stream: TextIO, environ: Mapping[str, str]) -> int:
    columns = environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return min(int(columns), _WIDEST)
    try:
        # A terminal that does not know its size says 0.
        return min(os.get_terminal_size(stream.fileno()).columns or _WIDTH, _WIDEST)
    except OSError:
        return _WIDTH


def page(report: Report, console: Console) -> Iterator[Text]:
    """Lay a report out for a console, line by line."""
    report = harmless_report(report, console.encoding)
    for block in (_heading, _ladder, _attention, _not_graded):
        lines = list(block(report, console))
        if lines:
            yield from [*lines, Text()]
    yield _last_line(report)


def _heading(report: Report, console: Console) -> Iterator[Text]:
    result = report.result
    text = f"{result.submission}, seed {result.seed}, guarantees: {result.guarantees}"
    yield _cut(Text(text, "dim"), console.width)
    if report.verbose:
        missing = ", ".join(wall for wall in Wall if wall not in result.walls) or "none"
        text = f"walls: {', '.join(result.walls) or 'none'}; missing: {missing}"
        yield _cut(Text(text, "dim"), console.width)


# The ladder


def _ladder(report: Report, console: Console) -> Iterator[Text]:
    stages = report.result.stages
    names = max((cell_len(stage.stage) for stage in stages), default=0)
    scores = [_score(stage) for stage in stages]
    digits = max(map(len, scores), default=0)
    states = [_state(report, stage) for stage in stages]
    room = console.width - names - digits - 6 - max((len(text) for text, _ in states), default=0)
    for stage, score, (state, style) in zip(stages, scores, states, strict=True):
        row = Text.assemble(
            set_cell_size(stage.stage, names),
            f"  {score:>{digits}}  ",
            *_bar(stage, min(_BAR, room), style, console.encoding),
            (state, style),
        )
        yield _cut(row, console.width)


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
    line, dot = ("━", "·") if _can_carry("━·", encoding) else ("=", ".")
    return [(line * full, style), (dot * (size - full), "dim"), ("  ", "")]


def _can_carry(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


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
        yield from _failure(report, stage, check, console)


def _start(report: Report, stage: StageResult, console: Console) -> Iterator[Text]:
    yield from _wrapped(Text(f"Start with {stage.stage}", "bold"), console)
    for verb, what in (
        ("read", report.readme_of(stage.stage)),
        ("edit", report.file_of(stage.stage)),
        ("run", report.run_again(stage.stage)),
    ):
        yield from _wrapped(Text.assemble((f"{verb:<6}", "dim"), (what, "cyan")), console, left=2)


def _failure(
    report: Report, stage: StageResult, check: CheckResult, console: Console
) -> Iterator[Text]:
    yield from _title("Failed", stage, check, console)
    if check.findings:
        yield from _finding(report, stage, check.findings[0], console)
    yield from _printed(check, console)
    yield from _folded(stage, check, console)
    yield from _run_again(report.run_again(stage.stage), console)


def _title(
    verdict: str, stage: StageResult, check: CheckResult, console: Console
) -> Iterator[Text]:
    worth = focus.points(check.points)
    yield from _wrapped(Text(f"{verdict}: {check.title}", "bold"), console)
    where = f"{stage.stage}, {worth} {'point' if worth == '1' else 'points'}"
    yield _cut(Text(where, "dim"), console.width)
    yield Text()


def _finding(
    report: Report, stage: StageResult, finding: Finding, console: Console
) -> Iterator[Text]:
    yield from _wrapped(Text(_shortened(finding.message)), console, left=2)
    yield Text()
    if finding.file is not None:
        own = report.is_pipeline(stage.stage, finding.file)
        path = report.file_of(stage.stage) if own else finding.file
        line = "" if finding.line is None else f":{finding.line}"
        yield from _wrapped(Text(f"{path}{line}", "cyan"), console, left=2)
        if own and finding.line is not None:
            yield from _source(report.sources.get(stage.stage, ""), finding.line, console)
        yield Text()
    if finding.hint:
        hint = Text.assemble(("Hint: ", "bold yellow"), finding.hint)
        yield from _wrapped(hint, console, left=2)
        yield Text()


def _source(source: str, marked: int, console: Console) -> Iterator[Text]:
    gutter = "│" if _can_carry("│", console.encoding) else "|"
    lines = focus.excerpt(source, marked)
    digits = len(str(lines[-1][0])) if lines else 0
    for number, code in lines:
        sign, style = (">", "bold") if number == marked else (" ", "dim")
        row = Text(f"  {sign} {number:>{digits}} {gutter} {code}", style)
        yield _cut(row, console.width)


def _printed(check: CheckResult, console: Console) -> Iterator[Text]:
    """Show the end of what the submission printed: the lines nearest to the failure."""
    if not check.output.strip():
        return
    lines = check.output.strip("\n").split("\n")
    shown = lines[-_OUTPUT_LINES:]
    part = f" (the last {len(shown)} of {len(lines)} lines)" if len(shown) < len(lines) else ""
    yield _cut(Text(f"  It printed{part}:", "dim"), console.width)
    for line in shown:
        yield _cut(Text(f"    {line}"), console.width)
    yield Text()


def _folded(stage: StageResult, check: CheckResult, console: Console) -> Iterator[Text]:
    """Give one line to each thing that is probably an echo, and one to all skipped checks."""
    echoes = list(focus.echoes(stage, check))
    lines = [f"also: {echo}" for echo in echoes[:_ECHOES]]
    if len(echoes) > _ECHOES:
        lines.append(f"and {len(echoes) - _ECHOES} more")
    skipped = focus.skipped(stage)
    if skipped:
        who = "it builds" if skipped == 1 else "they build"
        lines.append(f"{focus.count(skipped, 'check')} skipped: {who} on one that failed")
    yield from (_cut(Text(f"  {line}", "dim"), console.width) for line in lines)
    if lines:
        yield Text()


# What could not be graded


def _not_graded(report: Report, console: Console) -> Iterator[Text]:
    """Say what the grader could not do, and that nobody loses by it."""
    if report.result.gradable:
        return
    unknown = focus.undecided(report)
    if not unknown:
        yield from _wrapped(Text("Look whether the path and the stage are right."), console)
        yield from _run_again(report.command.removesuffix(" --"), console, left=0)
        return
    stage, check = unknown[0]
    yield from _title("Could not be graded", stage, check, console)
    if check.findings:
        yield from _wrapped(Text(_shortened(check.findings[0].message)), console, left=2)
        yield Text()
    if len(unknown) > 1:
        more = focus.count(len(unknown) - 1, "check")
        yield _cut(Text(f"  also: {more} without a verdict", "dim"), console.width)
        yield Text()
    blame = "The grader or the machine failed here, not your program."
    report_it = f"If it happens again, report it with the seed, {report.result.seed}."
    for sentence in (blame, report_it):
        yield from _wrapped(Text(sentence), console, left=2)
    yield from _run_again(report.run_again(stage.stage), console)


def _last_line(report: Report) -> Text:
    style = {0: "bold green", 3: "bold magenta"}.get(report.result.exit_code, "bold")
    return Text(focus.summary(report), style)


# Lines


def _run_again(command: str, console: Console, left: int = 2) -> Iterator[Text]:
    yield from _wrapped(Text.assemble("Run again: ", (command, "cyan")), console, left)


def _wrapped(text: Text, console: Console, left: int = 0) -> Iterator[Text]:
    """Break a text at words, and longer words anywhere, into lines moved to the right."""
    for line in text.wrap(console, max(1, console.width - left)):
        yield Text(" " * left).append_text(line)


def _cut(text: Text, width: int) -> Text:
    """Cut a line that is too long for the console."""
    if text.cell_len <= width:
        return text
    text.truncate(max(0, width - 3), overflow="crop")
    return text.append("..."[:width])


def _shortened(text: str) -> str:
    return text if len(text) <= _MESSAGE else f"{text[:_MESSAGE].rstrip()} ..."
