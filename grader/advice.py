"""Which hint a learner gets: by failed check, level by level; the second and third only once the check has failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader import progress as memory
from grader.hints import TOPICS, hints
from grader.language import say, spoken
from grader.results import Kind
from grader.scaffold.checks import read_checks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from grader.progress import Progress

CAUSES = list(Kind)
"""In the order of cause before echo."""


@dataclass(frozen=True)
class Shelf:
    """The hints of some stages, read once.

    Attributes:
        titles: Check id to what learners read of it, in the order of the exercises.
        topics: Check id to the topic that its mark names.
        levels: Stage to topic to levels.
    """

    titles: Mapping[str, str]
    topics: Mapping[str, str]
    levels: Mapping[str, Mapping[str, tuple[str, ...]]]

    def of(self, check: str, kind: Kind | None = None) -> tuple[str, ...]:
        """Every level for a check that failed in this way: the kind's own topic if it has one, else the check's."""
        known = self.levels.get(check.partition("::")[0], {})
        topic = self.topics.get(check.partition("[")[0], "")
        special = TOPICS.get(kind, topic) if kind else topic
        return known.get(special) or known.get(topic) or ()


def shelf(stages: Sequence[Path]) -> Shelf:
    """Read checks and pages in the language that is spoken; nothing is run."""
    checks = {f"{stage.name}::{c.name}": c for stage in stages for c in read_checks(stage)}
    return Shelf(
        titles={name: say(check.title) for name, check in checks.items()},
        topics={name: check.hint for name, check in checks.items()},
        levels={stage.name: hints(stage, spoken().code) for stage in stages},
    )


def first_failing(shelf: Shelf, progress: Progress, stage: str) -> str | None:
    """The failed check of a stage that explains most: causes before echoes, then as in the exercise."""
    order = list(shelf.titles)

    def rank(check: str) -> tuple[int, int]:
        kind = progress.failures[check].kind
        return CAUSES.index(kind), order.index(check.partition("[")[0])

    failing = progress.failing(stage)
    return min((c for c in failing if c.partition("[")[0] in order), key=rank, default=None)


def opened(shelf: Shelf, progress: Progress, check: str) -> tuple[str, ...]:
    """The levels of a check that are shown by now."""
    failure = progress.failures.get(check)
    return shelf.of(check, failure.kind if failure else None)[: progress.hints_of(check)]


def next_hint(shelf: Shelf, progress: Progress, check: str) -> tuple[Progress, tuple[str, ...]]:
    """Open one level more, if the check has failed; of one that never did, only the question.

    Returns:
        What is to be remembered, and every level that is open now.
    """
    failure = progress.failures.get(check)
    levels = shelf.of(check, failure.kind if failure else None)
    if failure is None:
        return progress, levels[:1]
    level = min(failure.hints + 1, len(levels))
    return memory.with_hint(progress, check, level), levels[:level]
