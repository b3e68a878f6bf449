"""What travels between the one who asks and the workers, as frozen values."""

from __future__ import annotations

from importlib.metadata import version

import msgspec

from grader.results import Finding, Result  # noqa: TC001 - msgspec reads them at run time


class Answer(msgspec.Struct, frozen=True):
    """One stage's file, read and vetted.

    Attributes:
        stage: The exercise that it answers.
        source: The bytes to judge; None if there is nothing to judge.
        refusal: Why not.
    """

    stage: str
    source: bytes | None = None
    refusal: Finding | None = None


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What is the same for every submission of a batch.

    Attributes:
        stages: Their names, in the order of the path.
        seed: What ids, amounts and orders are drawn from.
        walls: Those that are wanted round a submission.
        strangers: Judge nothing without the walls that strangers' code takes.
        checks: A digest of the checks: a worker with others refuses.
        version: The grader's; likewise.
        private: The instructor's own checks: path below their folder, and content. They travel with each job.
    """

    stages: tuple[str, ...]
    seed: int
    bonus: bool = False
    language: str = "en"
    walls: tuple[str, ...] = ()
    strangers: bool = True
    checks: str
    version: str
    private: tuple[tuple[str, bytes], ...] = ()


class Job(msgspec.Struct, frozen=True):
    """One submission to grade.

    Attributes:
        key: Of its content and everything else that its verdict rests on.
        submission: What the result calls it.
    """

    key: str
    submission: str
    answers: tuple[Answer, ...]
    terms: Terms


class Outcome(msgspec.Struct, frozen=True):
    """What became of a job.

    Attributes:
        result: The whole of it; None if there is none.
        problem: One sentence why it could not be graded; "" if it could.
    """

    key: str
    result: Result | None = None
    problem: str = ""


def installed_version() -> str:
    """The grader's own version."""
    return version("unblocked")
