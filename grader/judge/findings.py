"""How a check ends early: with a finding against the submission, or with nobody's fault."""

from __future__ import annotations

from grader.judge.evidence import NOTHING, Focus
from grader.judge.unfamiliar import advice
from grader.language import later
from grader.results import Finding, Kind

FILE = "pipeline.py"
"""How messages name the learner's file."""
LONGEST = 1_000
"""Characters of a message: it may quote what a child said."""
UNMANNERLY = later("the submission's process does not keep to the protocol: {why}")


class Broken(AssertionError):
    """A rule is broken; carries the finding, and what it is about."""

    def __init__(
        self, kind: Kind, message: str, line: int | None = None, focus: Focus = NOTHING
    ) -> None:
        super().__init__(message)
        self.finding = finding(kind, message, line)
        self.focus = focus

    @classmethod
    def of(cls, found: Finding) -> Broken:
        """The way to end a check with a finding that is there already."""
        broken = cls(found.kind, found.message, found.line)
        broken.finding = found
        return broken


class Undecided(Exception):
    """The machine did not let the judge come to a verdict; the check is unknown."""


def finding(kind: Kind, message: str, line: int | None = None) -> Finding:
    """A finding about the learner's file; where it quotes an error of asyncio's, with what to do about that."""
    text, file = message[:LONGEST], FILE if line else None
    return Finding(kind=kind, message=text, hint=advice(text), file=file, line=line)
