"""The result as outputs of a step of GitHub Actions, for the file named by $GITHUB_OUTPUT."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.report.focus import points, summary
from grader.report.harmless import harmless_report

if TYPE_CHECKING:
    from grader.report.content import Report


def render(report: Report) -> str:
    """One `name=value` a line; `score` is empty, if it could not be graded."""
    report = harmless_report(report)
    result = report.result
    outputs = {
        "gradable": str(result.gradable).lower(),
        "score": points(result.score) if result.gradable else "",
        "max_score": points(result.max_score),
        "summary": summary(report),
    }
    return "".join(f"{name}={value}\n" for name, value in outputs.items())
