"""What a class has in common, counted in one pass over its results."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from grader.report.harmless import harmless
from grader.results import Result, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.batch.store import Standing
    from grader.results import CheckResult

BINS = 20
"""Bars of the histogram: each five per cent of the marks."""
KINDS_OF_FINDINGS = 5_000
"""First findings that are told apart at a time; the rarest go when there are more."""
WIDTH = 160
"""Characters of a finding that tell it apart."""


@dataclass
class Figures:
    """Counts of a class.

    Attributes:
        statuses: How many are graded, missing, failed to grade.
        bins: How many scores fall into each part of the marks, from none to full.
        failed: Check id to how many failed it.
        titles: Check id to what it asks for, in the order of the path.
        findings: Check id and first finding, numbers left out, to how many had it.
        total: Sum of the scores; `most` is the most that one can have.
    """

    statuses: Counter[str] = field(default_factory=Counter[str])
    bins: list[int] = field(default_factory=lambda: [0] * BINS)
    failed: Counter[str] = field(default_factory=Counter[str])
    titles: dict[str, str] = field(default_factory=dict[str, str])
    findings: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    total: float = 0.0
    most: float = 0.0

    @property
    def graded(self) -> int:
        """How many have a score."""
        return sum(self.bins)

    @property
    def mean(self) -> float:
        """The mean score; 0 of nobody."""
        return self.total / self.graded if self.graded else 0.0

    def add(self, student: Standing) -> None:
        """Count one student."""
        self.statuses[student.status] += 1
        if student.result is not None:
            self._add(msgspec.json.decode(student.result, type=Result))

    def _add(self, result: Result) -> None:
        self.bins[min(int(result.share * BINS), BINS - 1)] += 1
        self.total += result.score
        self.most = max(self.most, result.max_score)
        for stage in result.stages:
            for check in stage.checks:
                self._check(check)

    def _check(self, check: CheckResult) -> None:
        self.titles.setdefault(check.id, check.title)
        if check.verdict is not Verdict.FAILED:
            return
        self.failed[check.id] += 1
        self.findings[check.id, alike(check.findings[0].message)] += 1
        if len(self.findings) > KINDS_OF_FINDINGS:
            self.findings = Counter(dict(self.findings.most_common(KINDS_OF_FINDINGS // 2)))


def figures_of(students: Iterable[Standing]) -> Figures:
    """Count a class."""
    figures = Figures()
    for student in students:
        figures.add(student)
    return figures


def alike(message: str) -> str:
    """A finding without what differs between seeds and programs: its numbers."""
    return re.sub(r"\d+(\.\d+)?", "#", harmless(message).replace("\n", " "))[:WIDTH]


def commonest(figures: Figures, count: int) -> Iterator[tuple[str, str, int]]:
    """Check, first finding, and how many had it; the commonest first."""
    for (check, message), times in figures.findings.most_common(count):
        yield figures.titles[check], message, times
