"""What is told of a private check: its points, its verdict, and a title if its author gave it one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.language import later, say
from grader.results import CheckResult, Finding, Kind, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

TOLD: Mapping[Verdict, tuple[Kind, str]] = {
    Verdict.FAILED: (
        Kind.BEHAVIOUR,
        later("it does not hold; this check is private, and what it looks at is not told"),
    ),
    Verdict.UNKNOWN: (Kind.LIMIT, later("the grader, or this private check itself, failed")),
}
"""The same words for every private check, whatever was found."""


def redacted(check: CheckResult, number: int, title: str = "") -> CheckResult:
    """Build anew what may be told of a private check, so that nothing is told by oversight.

    Args:
        check: What the judge knows of it.
        number: Which of the stage's private checks it is, >= 1.
        title: What learners may read; "" for a neutral one.
    """
    return CheckResult(
        id=f"{check.id.partition('::')[0]}::private_{number}",
        title=title or say("Private check {number}", number=number),
        points=check.points,
        earned=check.earned,
        verdict=check.verdict,
        seconds=0.0,
        findings=_told(check.verdict),
        private=True,
        bonus=check.bonus,
    )


def _told(verdict: Verdict) -> tuple[Finding, ...]:
    if verdict not in TOLD:
        return ()
    kind, message = TOLD[verdict]
    return (Finding(kind=kind, message=say(message)),)
