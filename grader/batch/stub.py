"""A stub in the workers' place: results of the real shape, drawn from each job's key, in no time.

For rehearsing a large class: everything but the grading itself is real.
"""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import msgspec

from grader.batch.jobs import Job, Outcome
from grader.results import CheckResult, Finding, Kind, Verdict, stage_result, whole_result

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.results import StageResult

DEADLY = b"# takes its worker down\n"
"""A submission that rehearses the worst that one can do to a worker."""
CHECKS = 20
"""Checks of a stage."""


class StubWorkers:
    """Workers that grade nothing."""

    def grade(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Draw an outcome for each job."""
        return map(grade_one, jobs)


def grade_encoded(job: bytes) -> bytes:
    """Take the grader's place in a worker; one that is given a deadly submission dies."""
    decoded = msgspec.msgpack.decode(job, type=Job)
    if any(answer.source == DEADLY for answer in decoded.answers):
        os._exit(1)
    return msgspec.json.encode(grade_one(decoded))


def grade_one(job: Job) -> Outcome:
    """Draw an outcome; the same for the same key."""
    draw = random.Random(job.key)  # noqa: S311 - reproducible by its key
    stages = tuple(_stage(answer.stage, draw) for answer in job.answers)
    result = whole_result(job.submission, job.terms.seed, "stub", stages)
    return Outcome(job.key, result)


def _stage(stage: str, draw: random.Random) -> StageResult:
    return stage_result(stage, tuple(_check(f"{stage}::test_{n:02}", draw) for n in range(CHECKS)))


def _check(name: str, draw: random.Random) -> CheckResult:
    failed = draw.random() < 0.2
    found = Finding(kind=Kind.BEHAVIOUR, message=f"order {draw.randrange(1000)} was paid 2 times")
    return CheckResult(
        id=name,
        title="Pays each order once",
        points=1.0,
        earned=float(not failed),
        verdict=Verdict.FAILED if failed else Verdict.PASSED,
        seconds=0.0,
        findings=(found,) if failed else (),
    )
