"""The detector of a blocked loop, as it works in a child: made ready before the fork, started in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.blocking import Detector
from grader.child.places import SUBMISSION
from grader.protocol.messages import Blocked, BlockedLine

if TYPE_CHECKING:
    from grader.blocking import Finding, Report


def is_submission(file: str) -> bool:
    """Whether a frame belongs to the program under judgement."""
    return file == SUBMISSION


DETECTOR = Detector(
    is_user=is_submission, threadless=True
)  # the judge looks from outside, and counts threads
"""The one detector of this process and of those forked from it."""


def tell(report: Report) -> Blocked:
    """A report as a message."""
    return Blocked(tuple(map(_line, report.blocked)), report.intact, report.inconclusive)


def _line(found: Finding) -> BlockedLine:
    line = found.line if found.file == SUBMISSION else None
    return BlockedLine(found.cause.value, found.seconds, found.times, line, found.call or "")
