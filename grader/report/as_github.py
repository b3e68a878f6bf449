"""The result as GitHub's workflow commands: an annotation on the learner's line for each cause.

What the submission printed is left out on purpose: a line of a log that begins with `::`, or holds `##[`, is a command.
Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions, and how actions/runner reads
them (src/Runner.Common/ActionCommand.cs).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.language import say
from grader.report import focus
from grader.report.explained import apology, cause
from grader.report.harmless import harmless_report
from grader.report.places import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.report.content import Report
    from grader.results import CheckResult, StageResult


def render(report: Report) -> str:
    """One command a line: an error for each cause, then a notice of the whole result."""
    return "".join(f"{line}\n" for line in commands(harmless_report(report)))


def commands(report: Report) -> Iterator[str]:
    """The commands of a harmless report."""
    if not report.result.gradable:
        yield command("error", apology(report), title=say("Could not be graded"))
        return
    # Two checks that failed of the same thing are one annotation: GitHub shows ten of a step.
    yield from dict.fromkeys(
        _annotation(report, stage, check)
        for stage in report.result.stages
        for check in focus.causes(stage)
    )
    yield command("notice", focus.summary(report), title="Unblocked")


def _annotation(report: Report, stage: StageResult, check: CheckResult) -> str:
    finding = check.findings[0] if check.findings else None
    place = finding and place_of(report, stage.stage, finding)
    where = {"file": place.path, "line": str(place.line or 1)} if place else {}
    hint = f"\n{say('Hint:')} {finding.hint}" if finding and finding.hint else ""
    return command("error", f"{cause(check)}{hint}", **where, title=stage.stage)


def command(name: str, text: str, **properties: str) -> str:
    """Write a workflow command with its properties."""
    pairs = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {pairs}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
