"""Many gradings through a few warm workers: each grades in its own process, one stage at a time.

A worker imports the grader and pytest once; after that a grading costs what its checks cost. Every grading has a warm
process and children of its own, as on the command line, so workers share nothing that a verdict could rest on.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from grader.grading import Request, grade
from grader.results import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WORKERS = min(2, os.cpu_count() or 1)
BATCH = 500
"""Gradings after which the workers are replaced: pytest keeps a little of each run."""


@dataclass(frozen=True)
class Job:
    """One program to grade.

    Attributes:
        name: What the caller calls it.
        stage: The one stage that it answers.
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
    """

    job: Job
    verdicts: dict[str, Verdict]

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
    # A fresh interpreter for each worker: a fork would share sockets and the state of pytest. They are replaced by
    # hand, since `max_tasks_per_child` may wait for ever (python/cpython#115634).
    context = multiprocessing.get_context("spawn")
    waiting = iter(jobs)
    while batch := list(islice(waiting, BATCH)):
        with ProcessPoolExecutor(WORKERS, context, initializer=end_with_parent) as pool:
            for future in as_completed([pool.submit(grade_one, job) for job in batch]):
                yield future.result()


def end_with_parent() -> None:
    """See to it that this worker ends even if whoever started it was killed, and could not tell it to."""
    Thread(target=_outlive_nobody, daemon=True).start()


def _outlive_nobody() -> None:
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os._exit(1)


def grade_one(job: Job) -> Outcome:
    """Grade one job here."""
    with tempfile.TemporaryDirectory(prefix="unblocked-bench-") as folder:
        path = Path(folder, "pipeline.py")
        path.write_text(job.source, encoding="utf-8")
        graded = grade(Request([job.stage], path, seed=job.seed, bonus=job.bonus))
    checks = graded.result.stages[0].checks
    return Outcome(job, {check.id.partition("::")[2]: check.verdict for check in checks})
