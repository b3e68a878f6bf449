"""The result for GitHub Classroom: GitHub's annotations, and the two notices from which Classroom takes the points.

Source: github.com/classroom-resources/autograding-grading-reporter, src/notify-classroom.js: these notices are all that
the reporter tells Classroom, so no action of a third party has to see the result.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from grader.report.as_github import command, commands
from grader.report.focus import points
from grader.report.harmless import harmless_report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.report.content import Report
    from grader.results import Result


def render(report: Report) -> str:
    """One command a line; no points, if it could not be graded."""
    report = harmless_report(report)
    lines = [*commands(report), *(_points(report.result) if report.result.gradable else ())]
    return "".join(f"{line}\n" for line in lines)


def _points(result: Result) -> Iterator[str]:
    totals = {"totalPoints": result.score, "maxPoints": result.max_score}
    text = f"Points {points(result.score)}/{points(result.max_score)}"
    yield command("notice", text, title="Autograding complete")
    yield command("notice", json.dumps(totals), title="Autograding report")
