"""What the judge makes of the child's detector: it may fail a check and says why; alone it passes none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from grader.judge.books import PER_CALL
from grader.judge.findings import finding
from grader.results import Finding, Kind

if TYPE_CHECKING:
    from grader.protocol.messages import Blocked, BlockedLine

THRESHOLD = 0.025
"""Seconds for which a step may hold the loop."""


def blocking_findings(blocked: Blocked, most_calls: int) -> list[Finding]:
    """A finding for each line that blocked.

    Args:
        most_calls: Service calls made in one step, at most: to begin a large batch is work, not blocking.
    """
    excused = THRESHOLD + PER_CALL * most_calls
    told = [b for b in blocked.lines if b.cause == "waits" or b.seconds > excused]
    return [_finding(line) for line in told if line.line is not None]


def _finding(blocked: BlockedLine) -> Finding:
    often = f", {blocked.times} times" if blocked.times > 1 else ""
    held = f"held the loop for {blocked.seconds * 1000:.0f} ms{often}"
    what = f"`{blocked.call}` {held}" if blocked.call else f"what is computed here {held}"
    return msgspec.structs.replace(finding(Kind.BLOCKING, what, blocked.line), hint=blocked.hint)
