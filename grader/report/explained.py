"""One check in plain lines of text, for formats that have room for a text and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.language import later, say
from grader.report import focus
from grader.report.places import place_of
from grader.results import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.report.content import Report
    from grader.results import CheckResult, Finding

SKIPPED = later("Not run: a check that it builds on failed.")
APOLOGY = later(
    "{why}. The grader or the machine failed, and not the program that was handed in; no marks were given or taken. "
    "Seed: {seed}."
)


def explained(report: Report, stage: str, check: CheckResult) -> str:
    """Every finding of a check with its place and its hint, then what was printed."""
    lines = [line for finding in check.findings for line in _lines(report, stage, finding)]
    if check.verdict is Verdict.SKIPPED:
        lines.insert(0, say(SKIPPED))
    if check.output.strip():
        lines += [
            say("It printed:"),
            *(f"  {line}" for line in check.output.strip("\n").split("\n")),
        ]
    return "\n".join(lines)


def _lines(report: Report, stage: str, finding: Finding) -> Iterator[str]:
    yield finding.message
    place = place_of(report, stage, finding)
    if place:
        yield say("  at {place}", place=place)
    if finding.hint:
        yield f"  {say('Hint:')} {finding.hint}"


def cause(check: CheckResult) -> str:
    """The first cause in one sentence."""
    return check.findings[0].message if check.findings else check.title


def apology(report: Report) -> str:
    """Why there is no grade, whose doing that is, and what to tell whoever looks into it."""
    undecided = [cause(check) for _, check in focus.undecided(report) if check.findings]
    why = focus.summary(report) + (f" ({undecided[0]})" if undecided else "")
    return say(APOLOGY, why=why, seed=report.result.seed)
