"""What a step of the loop may cost: pure decisions on the kernel's accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.judge.findings import finding
from grader.language import say
from grader.results import Finding, Kind

if TYPE_CHECKING:
    from grader.judge.kernel import Step

SLEPT = 0.010
"""Seconds asleep in one step, outside the selector, that no right program needs."""
COMPUTED = 0.040
"""Seconds on a CPU in one step ..."""
PER_CALL = 0.002
"""... and so much more for each service call made in it: starting a batch of 1,000 is work, not blocking."""
ENDLESS = 0.25
"""Seconds on a CPU after which a step is not waited for any longer."""


def audit(step: Step, calls: int, line: int | None) -> Finding | None:
    """The finding on one finished step, if any."""
    if step.slept > SLEPT:
        text = say(
            "the loop stood still for {ms:.0f} ms: its thread slept outside the selector",
            ms=step.slept * 1000,
        )
        return finding(Kind.BLOCKING, text, line)
    if step.computed > COMPUTED + PER_CALL * calls:
        text = say(
            "the loop stood still for {ms:.0f} ms: its thread computed in one step",
            ms=step.computed * 1000,
        )
        return finding(Kind.BLOCKING, text, line)
    return None


def is_endless(computed: float, calls: int) -> bool:
    """Whether a step in progress has computed more than any right one."""
    return computed > ENDLESS + PER_CALL * calls
