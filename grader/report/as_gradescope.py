"""The result as Gradescope reads it from `results.json`: a check is a test with its own points.

Source: https://gradescope-autograders.readthedocs.io/en/latest/specs/, "Output format".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from grader.report.explained import apology, explained
from grader.report.focus import score, summary
from grader.report.harmless import harmless_report
from grader.results import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.report.content import Report
    from grader.results import CheckResult, StageResult

_TEXT = "text"
_VISIBLE = "visible"


def render(report: Report) -> str:
    """Encode a result with its score; without score and tests, if it could not be graded.

    Every text is declared plain, so that Gradescope renders no markup out of a submission.
    """
    report = harmless_report(report)
    document = _graded(report) if report.result.gradable else _whole(report, apology(report))
    return json.dumps(document, indent=2) + "\n"


def _whole(report: Report, output: str) -> dict[str, Any]:
    """What is said in any case; standard output is for instructors, who see it always."""
    result = report.result
    about = {"seed": str(result.seed), "guarantees": result.guarantees, "walls": result.walls}
    return {
        "output": output,
        "output_format": _TEXT,
        "test_output_format": _TEXT,
        "test_name_format": _TEXT,
        "visibility": _VISIBLE,
        "stdout_visibility": "hidden",
        "extra_data": {"gradable": result.gradable, **about},
    }


def _graded(report: Report) -> dict[str, Any]:
    result = report.result
    stages = [f"{stage.stage}: {score(stage)}" for stage in result.stages]
    seconds = sum(check.seconds for stage in result.stages for check in stage.checks)
    return {
        "score": result.score,
        "execution_time": round(seconds, 3),
        **_whole(report, "\n".join([summary(report), *stages])),
        "tests": [test for place in enumerate(result.stages, 1) for test in _tests(report, *place)],
    }


def _tests(report: Report, number: int, stage: StageResult) -> Iterator[dict[str, Any]]:
    for place, check in enumerate(stage.checks, 1):
        yield {"number": f"{number}.{place}", **_test(report, stage.stage, check)}


def _test(report: Report, stage: str, check: CheckResult) -> dict[str, Any]:
    return {
        "score": check.earned,
        "max_score": check.points,
        "status": "passed" if check.verdict is Verdict.PASSED else "failed",
        "name": check.title,
        "name_format": _TEXT,
        "output": explained(report, stage, check),
        "output_format": _TEXT,
        "tags": [stage],
        "visibility": _VISIBLE,
        "extra_data": {"id": check.id, "verdict": check.verdict},
    }
