"""Where a finding points, as machines want it: a path within what was handed in, and a line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.report.content import Report
    from grader.results import Finding


@dataclass(frozen=True)
class Place:
    """A learner's line.

    Attributes:
        path: Relative, parted by `/`, and without a step upwards.
        line: From 1; None if only the file is known.
    """

    path: str
    line: int | None = None

    def __str__(self) -> str:
        return self.path if self.line is None else f"{self.path}:{self.line}"


def place_of(report: Report, stage: str, finding: Finding) -> Place | None:
    """The line of the stage's own file that a finding names; None if it names none."""
    if finding.file is None or not report.is_pipeline(stage, finding.file):
        return None
    line = finding.line if finding.line and finding.line > 0 else None
    return Place(_relative(report, stage), line)


def _relative(report: Report, stage: str) -> str:
    """The path as typed where it leads downwards; else below the submission; else as in an exercises folder."""
    path = PurePath(report.file_of(stage))
    if path.is_absolute() or ".." in path.parts:
        top = PurePath(report.result.submission)
        path = path.relative_to(top) if path.is_relative_to(top) else PurePath()
    if not path.name or ".." in path.parts:
        path = PurePath(stage.replace("/", "_"), "pipeline.py")
    return path.as_posix()
