"""A state of the watch laid out in lines that fit a terminal: the ladder, what is looked at, the keys."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from grader import advice
from grader.language import say
from grader.report import as_terminal, focus
from grader.report.as_timeline import drawn
from grader.report.console import can_carry, cut, wrapped
from grader.report.content import Report
from grader.report.harmless import harmless, harmless_report
from grader.results import Verdict, whole_result
from grader.watching import words
from grader.watching.messages import report_of
from grader.watching.session import View

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import Console

    from grader.results import CheckResult, StageResult
    from grader.watching.session import State

SIGNS: Mapping[Verdict, tuple[str, str, str]] = {
    Verdict.PASSED: ("✓", "+", "green"),
    Verdict.FAILED: ("\N{MULTIPLICATION SIGN}", "x", "bold red"),
    Verdict.SKIPPED: ("·", "-", "dim"),
    Verdict.UNKNOWN: ("?", "?", "magenta"),
}
"""Of each verdict, as drawn, in ASCII, and in which style."""


def screen(state: State, console: Console, height: int) -> list[Text]:
    """Lay the whole screen out, in so many lines at most; the keys are always there."""
    head = [*_head(state, console), Text()]
    foot = [Text(), *_foot(state, console)]
    room = max(1, height - len(head) - len(foot))
    body = list(_body(state, console))
    if len(body) > room:
        body = [*body[: room - 1], Text("...", "dim")]
    return [cut(line, console.width) for line in [*head, *body, *foot][:height]]


def verdict(state: State, console: Console) -> list[Text]:
    """Lay out what is appended where there is no terminal: the latest verdict, and one last line."""
    report = _report(state)
    if report is None:
        return [Text(state.said)]
    if state.stage in state.saved:
        report = replace(report, untouched=frozenset())
    return [*as_terminal.page(report, console), *_finish(state, console)]


def _report(state: State) -> Report | None:
    """The stage at hand alone."""
    return report_of(state.reply) if state.reply else None


# ── head and foot ────────────────────────────────────────────────────────────────────────────────


def _head(state: State, console: Console) -> Iterator[Text]:
    known = [reply for stage in state.stages if (reply := state.replies.get(stage))]
    reports = [report for reply in known if (report := report_of(reply))]
    if not reports:
        yield cut(Text(say(words.WATCHING, folder=_folder(state)), "dim"), console.width)
        return
    first = reports[0].result
    stages = tuple(stage for report in reports for stage in report.result.stages)
    whole = whole_result(first.submission, first.seed, first.guarantees, stages)
    report = Report(whole, untouched=frozenset[str]().union(*(r.untouched for r in reports)))
    rows = as_terminal.rows(harmless_report(report, console.encoding), console, left=2)
    for stage, row in zip(stages, rows, strict=True):
        mark = ">" if stage.stage == state.stage else " "
        yield cut(Text(f"{mark} ", "bold").append_text(row), console.width)


def _folder(state: State) -> str:
    path = state.files[state.stage]
    return path.rpartition("/")[0].rpartition("/")[0] or "."


def _foot(state: State, console: Console) -> Iterator[Text]:
    said = state.said or (say(words.GRADING, stage=state.running) if state.running else "")
    yield from wrapped(Text(harmless(said, console.encoding), "yellow"), console)
    keys = say(words.KEYS)
    if cell_len(keys) > console.width:
        keys = say(words.KEYS_NARROW)
    yield cut(Text(keys, "dim"), console.width)


# ── the body ─────────────────────────────────────────────────────────────────────────────────────


def _body(state: State, console: Console) -> Iterator[Text]:
    report, result = _report(state), state.result
    if report is None or result is None:
        yield Text(say(words.NO_VERDICT, stage=state.stage), "dim")
        return
    report = harmless_report(report, console.encoding)
    if state.stage in state.saved:  # whoever has begun wants to see what fails
        report = replace(report, untouched=frozenset())
    if state.view is View.LIST:
        yield from _list(report.result.stages[0], console)
    elif state.view is View.HINT and state.failed:
        yield from _hint(state, state.failed, console)
    elif state.view is View.TIMELINE:
        yield from _timeline(report, console)
    else:
        yield from as_terminal.attention(report, console)
        yield from as_terminal.not_graded(report, console)
        yield from _finish(state, console)


def _list(stage: StageResult, console: Console) -> Iterator[Text]:
    yield Text(say(words.CHECKS, stage=stage.stage), "bold")
    for check in stage.checks:
        drawn_sign, plain, style = SIGNS[check.verdict]
        sign = drawn_sign if can_carry(drawn_sign, console.encoding) else plain
        row = Text.assemble((f"{sign} ", style), f"{focus.points(check.points):>4}  ", check.title)
        yield cut(row, console.width)


def _hint(state: State, check: CheckResult, console: Console) -> Iterator[Text]:
    failure = state.progress.failures.get(check.id)
    levels = state.shelf.of(check.id, failure.kind if failure else None)
    shown = advice.opened(state.shelf, state.progress, check.id)
    if not shown:
        yield Text(say(words.NO_HINTS))
        return
    title = say(words.HINT, level=len(shown), levels=len(levels), title=check.title)
    yield from wrapped(Text(harmless(title, console.encoding), "bold yellow"), console)
    for line in harmless(shown[-1], console.encoding).split("\n"):
        yield from wrapped(Text(line), console, left=2)
    yield Text()
    yield Text(say(words.MORE_HINTS if len(shown) < len(levels) else words.LAST_HINT), "dim")


def _timeline(report: Report, console: Console) -> Iterator[Text]:
    (stage,) = report.result.stages
    check = focus.first_cause(stage) or stage.checks[0]
    recording = report.recordings.get(check.id)
    lines = list(drawn(recording, check, console)) if recording else []
    if not lines:
        yield Text(say(words.NO_TIMELINE), "dim")
        return
    yield from wrapped(Text(say(words.TIMELINE, title=check.title), "bold"), console)
    yield from lines


def _finish(state: State, console: Console) -> Iterator[Text]:
    """What is worth saying of a stage that is done."""
    if state.result is None or not state.result.finished:
        return
    short = state.stage.partition("_")[0]
    learned = say(words.LEARNED.get(short, words.LEARNED_ELSE))
    done = say(words.STAGE_DONE, stage=state.stage, learned=learned)
    yield from wrapped(Text(done, "green"), console)
    if state.all_done:
        yield from wrapped(Text(say(words.ALL_DONE), "bold green"), console)
    elif state.following:
        yield from wrapped(Text(say(words.GO_ON, stage=state.following)), console)
