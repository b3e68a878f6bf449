"""What the judge makes of the child's detector: it may fail a check and says why; alone it passes none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from grader.blocking.hints import hint_for
from grader.judge.books import PER_CALL
from grader.judge.findings import finding
from grader.language import later, say
from grader.results import Finding, Kind

if TYPE_CHECKING:
    from grader.protocol.messages import Blocked, BlockedLine

THRESHOLD = 0.025
"""Seconds for which a step may hold the loop."""
DRIP = 0.010
"""Seconds that short waits at one line must add up to; to join a thread that is just ending takes microseconds."""
SURE = 0.100
"""Seconds from which a wait for a thread is believed at once; below, a busy machine may not have run that thread."""
CALLS = (
    later("`{call}` held the loop for {ms:.0f} ms"),
    later("`{call}` held the loop for {ms:.0f} ms, {times} times"),
)
COMPUTES = (
    later("what is computed here held the loop for {ms:.0f} ms"),
    later("what is computed here held the loop for {ms:.0f} ms, {times} times"),
)
"""Once, and more than once."""


def blocking_findings(blocked: Blocked, most_calls: int) -> list[Finding]:
    """A finding for each line that blocked for certain.

    Args:
        blocked: The detector's word.
        most_calls: Service calls made in one step, at most: to begin a large batch is work, not blocking.
    """
    return [
        _finding(line) for line in blocked.lines if _counts(line, most_calls) and _is_sure(line)
    ]


def blocking_suspicions(blocked: Blocked, most_calls: int) -> list[Finding]:
    """The same for what is believed when it comes twice."""
    return [
        _finding(line) for line in blocked.lines if _counts(line, most_calls) and not _is_sure(line)
    ]


def sure_lines(blocked: Blocked, most_calls: int) -> list[BlockedLine]:
    """The lines that held the loop for longer than a right program's do, for certain and not by suspicion."""
    return [line for line in blocked.lines if _counts(line, most_calls) and _is_sure(line)]


def _counts(line: BlockedLine, most_calls: int) -> bool:
    if line.line is None:
        return False
    if line.cause == "computes":
        return line.seconds > THRESHOLD + PER_CALL * most_calls
    return _sleeps(line) or line.seconds * line.times >= DRIP


def _is_sure(line: BlockedLine) -> bool:
    return _sleeps(line) or line.cause == "computes" or line.seconds >= SURE


def _sleeps(line: BlockedLine) -> bool:
    """Whether the call itself says for how long it waits."""
    return line.call.endswith("sleep")


def _finding(blocked: BlockedLine) -> Finding:
    held = {"call": blocked.call, "ms": blocked.seconds * 1000, "times": blocked.times}
    message = CALLS[blocked.times > 1] if blocked.call else COMPUTES[blocked.times > 1]
    hint = hint_for(blocked.call or None, computes=blocked.cause == "computes")
    found = finding(Kind.BLOCKING, say(message, **held), blocked.line)
    return msgspec.structs.replace(found, hint=say(hint))
