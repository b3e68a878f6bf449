"""The result as Markdown, for the summary of a CI job or a comment on a pull request."""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING

from grader.language import say, say_count
from grader.report import focus
from grader.report.explained import apology, cause
from grader.report.harmless import harmless_report
from grader.report.places import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.report.content import Report
    from grader.results import CheckResult, StageResult

_PUNCTUATION = re.compile(f"[{re.escape(string.punctuation)}]")


def render(report: Report) -> str:
    """Lay a report out in headings, one table and lists."""
    return "".join(f"{line}\n" for line in _page(harmless_report(report)))


def plain(text: str) -> str:
    """Escape a text so that it is only text: no link, no picture, no mention, no HTML.

    Source: CommonMark 0.31, 2.4: any ASCII punctuation may be escaped by a backslash.
    """
    return _PUNCTUATION.sub(r"\\\g<0>", text).strip()


def _page(report: Report) -> Iterator[str]:
    yield f"## {plain(focus.summary(report))}"
    yield ""
    if not report.result.gradable:
        yield plain(apology(report))
        return
    yield f"| {say('stage')} | {say('points')} | {say('checks to go')} |"
    yield "|---|---:|---:|"
    for stage in report.result.stages:
        score = focus.score(stage)
        to_go = sum(check.earned < check.points for check in stage.checks)
        yield f"| {plain(stage.stage)} | {plain(score)} | {to_go or ''} |"
    for stage in report.result.stages:
        yield from _stage(report, stage)


def _stage(report: Report, stage: StageResult) -> Iterator[str]:
    """The failed checks of a stage, first cause first."""
    failed = focus.causes(stage)
    if not failed:
        return
    yield ""
    yield f"### {plain(stage.stage)}"
    yield ""
    for check in failed:
        yield from _check(report, stage, check)
    if skipped := focus.skipped(stage):
        text = say_count(
            "{count} check not run: built on one that failed",
            "{count} checks not run: built on one that failed",
            skipped,
        )
        yield f"- {plain(text)}"


def _check(report: Report, stage: StageResult, check: CheckResult) -> Iterator[str]:
    finding = check.findings[0] if check.findings else None
    place = finding and place_of(report, stage.stage, finding)
    yield f"- {plain(f'{check.title} ({focus.points(check.points)})')}  "
    yield f"  {plain(cause(check))}" + (f" \u2014 {plain(str(place))}" if place else "")
    if finding and finding.hint:
        yield f"  - {plain(say('Hint:'))} {plain(finding.hint)}"
