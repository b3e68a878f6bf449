"""Which steps held the loop, and what is to blame: the detector's lines laid beside the judge's books."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.results import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.results import Finding
    from grader.timeline.recording import Stall, Step

LIKELY = 0.5
"""A step of less than this share of a stall's time is not the one that it held."""


@dataclass(frozen=True)
class Held:
    """What held the loop in a step: a line and a call, or, where no detector saw it, a sentence."""

    line: int | None
    call: str = ""
    why: str = ""


def held(
    steps: Sequence[Step], stalls: Sequence[Stall], findings: Sequence[Finding]
) -> dict[int, Held]:
    """Lay blame: the longest stall on the longest step, and so on down.

    Args:
        steps: In the order of happening.
        stalls: What the detector saw.
        findings: Of the check; those about blocking speak for steps for which no stall does.

    Returns:
        Place in `steps` to what held it.
    """
    longest = sorted(range(len(steps)), key=lambda place: -steps[place].seconds)
    blamed: dict[int, Held] = {}
    for stall in sorted(stalls, key=lambda stall: -stall.seconds):
        free = [place for place in longest if place not in blamed]
        likely = [p for p in free if steps[p].seconds >= stall.seconds * LIKELY]
        for place in likely[: stall.times]:
            blamed[place] = Held(stall.line, stall.call)
    if not blamed and steps and (found := _blocking(findings)):
        place = next((p for p in longest if steps[p].open), longest[0])
        blamed[place] = Held(found.line, why=found.message)
    return blamed


def _blocking(findings: Sequence[Finding]) -> Finding | None:
    return next((found for found in findings if found.kind is Kind.BLOCKING), None)
