"""What is told of a private check: its points, its verdict, and a title if its author gave it one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.results import CheckResult, Finding, Kind, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

TOLD: Mapping[Verdict, tuple[Finding, ...]] = {
    Verdict.PASSED: (),
    Verdict.SKIPPED: (),
    Verdict.FAILED: (
        Finding(
            kind=Kind.BEHAVIOUR,
            message="it does not hold; this check is private, and what it looks at is not told",
        ),
    ),
    Verdict.UNKNOWN: (
        Finding(kind=Kind.LIMIT, message="the grader, or this private check itself, failed"),
    ),
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
        title=title or f"Private check {number}",
        points=check.points,
        earned=check.earned,
        verdict=check.verdict,
        seconds=0.0,
        findings=TOLD[check.verdict],
        private=True,
        bonus=check.bonus,
    )
