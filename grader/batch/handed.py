"""What somebody handed in, read: an answer for each stage, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.batch.jobs import Answer
from grader.errors import GraderError
from grader.judge.findings import FILE, finding
from grader.language import say
from grader.results import Kind
from grader.submissions import MISSING, SIZE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


class Unreadable(GraderError):
    """A submission cannot be opened; says why in one sentence. The others are graded."""


@dataclass(frozen=True)
class HandedIn:
    """A submission's content.

    Attributes:
        answers: One for each stage, in the order of the path.
        submitted_at: Seconds since the epoch, as far as the submission itself tells.
        submitted_from: What tells: "file", or "commit".
    """

    answers: tuple[Answer, ...]
    submitted_at: float
    submitted_from: str


def file_of(root: str, stage: str) -> str:
    """Where a stage's file lies in an archive."""
    return f"{root}{stage}/{FILE}"


def missing(stage: str) -> Answer:
    """The answer of somebody who has none for this stage."""
    return refused(stage, MISSING)


def refused(stage: str, complaint: str) -> Answer:
    """An answer that cannot be judged, for one of the reasons of `grader.submissions`."""
    text = say(complaint, path=f"{stage}/{FILE}", size=SIZE >> 20)
    return Answer(stage, refusal=finding(Kind.STRUCTURE, text))


def choose_root(roots: Iterable[str], stages: Iterable[str], names: Collection[str]) -> str:
    """The folder inside an archive that holds the stages.

    Args:
        roots: Those that may, each "" or ending in "/", the likeliest first.
        stages: Names of the exercises.
        names: Of the files in the archive.

    Raises:
        Unreadable: None of them does.
    """
    wanted = list(stages)
    for root in roots:
        if any(file_of(root, stage) in names for stage in wanted):
            return root
    raise Unreadable(f"it holds no stage; it needs folders like {wanted[0]}/ with a {FILE} in each")
