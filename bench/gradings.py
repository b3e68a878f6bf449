"""Many gradings, one stage at a time, through the workers of `unblocked batch`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from grader.batch import jobs as batch
from grader.batch.keys import checks_digest
from grader.batch.workers import LocalWorkers
from grader.results import Verdict
from grader.submissions import choose_stages
from grader.walls.plan import EVERY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.results import CheckResult


@dataclass(frozen=True)
class Job:
    """One program to grade.

    Attributes:
        name: What the caller calls it.
        stage: The one stage that it answers; a prefix is enough.
        source: The program itself.
    """

    name: str
    stage: str
    source: str
    seed: int
    bonus: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of a job.

    Attributes:
        verdicts: Name of each check to its verdict, in the order of the exercise.
        checks: All that is told of them.
    """

    job: Job
    verdicts: dict[str, Verdict]
    checks: tuple[CheckResult, ...] = ()

    @property
    def failed(self) -> tuple[str, ...]:
        """The checks that lost their points."""
        return tuple(check for check, told in self.verdicts.items() if told is Verdict.FAILED)

    @property
    def unknown(self) -> bool:
        """Whether nothing can be said."""
        return Verdict.UNKNOWN in self.verdicts.values()


def grade_all(jobs: Iterable[Job]) -> Iterator[Outcome]:
    """Grade all jobs, and give each outcome as it comes."""
    under_way: dict[str, Job] = {}

    def posed() -> Iterator[batch.Job]:
        for number, job in enumerate(jobs):
            under_way[str(number)] = job
            yield _posed(str(number), job)

    for outcome in LocalWorkers().grade(posed()):
        yield _outcome(under_way.pop(outcome.key), outcome)


def _posed(key: str, job: Job) -> batch.Job:
    (folder,) = choose_stages([job.stage])
    terms = batch.Terms(
        stages=(folder.name,),
        seed=job.seed,
        bonus=job.bonus,
        walls=tuple(sorted(EVERY)),
        strangers=False,
        checks=_checks(folder.name),
        version=batch.installed_version(),
    )
    return batch.Job(key, job.name, (batch.Answer(folder.name, job.source.encode()),), terms)


@cache
def _checks(stage: str) -> str:
    return checks_digest(choose_stages([stage]))


def _outcome(job: Job, outcome: batch.Outcome) -> Outcome:
    if outcome.result is None:
        raise RuntimeError(f"{job.name} with seed {job.seed}: {outcome.problem}")
    checks = outcome.result.stages[0].checks
    return Outcome(job, {check.id.partition("::")[2]: check.verdict for check in checks}, checks)
