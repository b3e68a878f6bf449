"""What the page shows of a report: each check with its place, its findings with their source, its figure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.report import focus
from grader.report.page.figures import Figure, figure
from grader.results import Kind
from grader.timeline import timeline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.report.content import Report
    from grader.results import CheckResult, Finding, StageResult


@dataclass(frozen=True)
class FindingView:
    """A finding with its anchor, the path and line to show, and the source around it."""

    anchor: str
    finding: Finding
    where: str
    source: list[tuple[int, str]]


@dataclass(frozen=True)
class CheckView:
    """A check with its anchor, what was found and how it went."""

    anchor: str
    check: CheckResult
    findings: tuple[FindingView, ...]
    figure: Figure | None


@dataclass(frozen=True)
class StageView:
    """A stage with its anchor.

    Attributes:
        share: Of its points that are earned, 0 to 1.
    """

    anchor: str
    stage: StageResult
    checks: tuple[CheckView, ...]
    share: float
    untouched: bool
    again: str


@dataclass(frozen=True)
class Cause:
    """One thing that was found, where it was found first, and in how many checks."""

    view: FindingView
    checks: int


def causes(stages: Sequence[StageView]) -> list[Cause]:
    """What was found, the same with other numbers only once; in the order of the checks."""
    alike: dict[object, list[FindingView]] = {}
    for stage in stages:
        for check in stage.checks:
            for view in check.findings:
                found = view.finding
                line = found.line if found.kind is Kind.BLOCKING else None
                same = (stage.anchor, found.kind, line, re.sub(r"\d+", "", found.message))
                alike.setdefault(same, []).append(view)
    return [Cause(views[0], len(views)) for views in alike.values()]


def stages(report: Report) -> list[StageView]:
    """Everything that the page shows below its heading."""
    return [
        StageView(
            f"s{number}",
            stage,
            tuple(_checks(report, stage, f"s{number}")),
            min(1.0, stage.score / stage.max_score) if stage.max_score else 0.0,
            stage.stage in report.untouched,
            report.run_again(stage.stage),
        )
        for number, stage in enumerate(report.result.stages, 1)
    ]


def _checks(report: Report, stage: StageResult, anchor: str) -> Iterator[CheckView]:
    for number, check in enumerate(stage.checks, 1):
        own = f"{anchor}c{number}"
        recording = report.recordings.get(check.id)
        drawn = timeline(recording, check.findings) if recording else None
        worth_drawing = figure(drawn) if drawn and drawn.lanes else None
        findings = tuple(_findings(report, stage.stage, check, own))
        yield CheckView(own, check, findings, worth_drawing)


def _findings(report: Report, stage: str, check: CheckResult, anchor: str) -> Iterator[FindingView]:
    for number, found in enumerate(check.findings, 1):
        own = found.file is not None and report.is_pipeline(stage, found.file)
        path = report.file_of(stage) if own else found.file or ""
        where = f"{path}:{found.line}" if path and found.line else path
        source = report.sources.get(stage, "") if own else ""
        around = _without_blank_ends(source, found.line) if source and found.line else []
        yield FindingView(f"{anchor}f{number}", found, where, around)


def _without_blank_ends(source: str, line: int) -> list[tuple[int, str]]:
    """A line and its neighbours."""
    lines = focus.excerpt(source, line)
    written = [number for number, code in lines if code.strip() or number == line]
    return [pair for pair in lines if written[0] <= pair[0] <= written[-1]]
