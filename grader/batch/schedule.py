"""From a folder to verdicts: each submission is read, recorded, graded if nothing is known of it yet, and kept.

Nothing is held but what is under way: the class may be larger than memory.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from grader.batch import sources
from grader.batch.handed import Unreadable
from grader.batch.jobs import Job
from grader.batch.keys import key_of
from grader.batch.store import Record
from grader.report.harmless import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from grader.batch.jobs import Terms
    from grader.batch.sources import Source
    from grader.batch.store import Store
    from grader.batch.workers import Workers


class Watcher(Protocol):
    """Whoever wants to see how far a batch is."""

    def known(self) -> None:
        """A submission needs no grading: its verdict is known, or is being found for the same content."""

    def graded(self) -> None:
        """A submission was graded."""

    def failed(self) -> None:
        """A submission failed to grade."""


@dataclass
class Batch:
    """One run.

    Attributes:
        stages: The exercise folders.
    """

    store: Store
    terms: Terms
    stages: Sequence[Path]
    watcher: Watcher
    _under_way: set[str] = field(default_factory=set[str])

    def grade_all(self, found: Iterable[Source], workers: Workers) -> None:
        """Grade every submission; each verdict is kept before the next one is looked at."""
        for outcome in workers.grade(self._jobs(found)):
            gradable = self.store.record(outcome)
            self._under_way.discard(outcome.key)
            (self.watcher.graded if gradable else self.watcher.failed)()

    def _jobs(self, found: Iterable[Source]) -> Iterator[Job]:
        for source in found:
            job = self._job(source)
            if job is not None:
                self._under_way.add(job.key)
                yield job

    def _job(self, source: Source) -> Job | None:
        """What there is to grade; None if there is nothing to grade, or no need to."""
        student, at = self.store.student_of(source.name)
        if other := self.store.other_source(student):
            self._fail(student, source, _twice(other, source.label))
            return None
        try:
            handed = sources.read(source, self.stages)
        except Unreadable as error:
            self._fail(student, source, str(error))
            return None
        key = key_of(handed.answers, self.terms)
        told = (handed.submitted_at, handed.submitted_from) if at is None else (at, "roster")
        self.store.submitted(Record(student, source.label, key, *told))
        if key in self._under_way or self.store.is_graded(key):
            self.watcher.known()
            return None
        return Job(key, source.label, handed.answers, self.terms)

    def _fail(self, student: str, source: Source, problem: str) -> None:
        line = harmless(problem).replace("\n", " ")
        self.store.submitted(Record(student, source.label, problem=line))
        self.watcher.failed()


def _twice(*names: str) -> str:
    first, second = sorted(names)
    return f"it was handed in twice, as {first} and as {second}: remove one of them"
