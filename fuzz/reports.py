"""Whatever texts a result holds, each format writes it, and no terminal obeys it."""

from __future__ import annotations

import json
import unicodedata

from fuzz.choices import Choices
from grader.report import FORMATS, Report, render
from grader.results import (
    CheckResult,
    Finding,
    Kind,
    Result,
    StageResult,
    Verdict,
    stage_result,
    whole_result,
)

ALL = dict(FORMATS)  # imported here, where a fuzzer looks on
OBEYED = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Categories of characters that have no shape."""


def main(data: bytes) -> None:
    """Write it in every format, and read the JSON back."""
    choices = Choices(data)
    result = result_by(choices)
    stages = [stage.stage for stage in result.stages]
    report = Report(
        result,
        sources={stage: choices.text() for stage in stages},
        files={stage: choices.text() for stage in stages},
        command=choices.text(),
        verbose=choices.byte() % 2 == 1,
    )
    for name in ALL:
        text = render(name, report)
        assert text.endswith("\n")
        assert OBEYED.isdisjoint(unicodedata.category(char) for char in text if char != "\n")
    assert json.loads(render("json", report))["score"] == result.score


def result_by(choices: Choices) -> Result:
    """Up to three stages."""
    stages = tuple(
        stage_by(choices, f"s{number:02}_{choices.text()}") for number in choices.some(3)
    )
    return whole_result(choices.text(), choices.number(), choices.text(), stages)


def stage_by(choices: Choices, name: str) -> StageResult:
    """Up to four checks."""
    return stage_result(name, tuple(check_by(choices, name) for _ in choices.some(4)))


def check_by(choices: Choices, stage: str) -> CheckResult:
    """Points and findings agree with its verdict."""
    verdict = choices.one_of(list(Verdict))
    passed = verdict is Verdict.PASSED
    return CheckResult(
        id=f"{stage}::test_{choices.byte()}",
        title=choices.text(),
        points=2.0,
        earned=2.0 if passed else 0.0,
        verdict=verdict,
        seconds=choices.byte() / 100,
        findings=()
        if passed
        else tuple(finding_by(choices) for _ in range(choices.byte() % 3 + 1)),
        output=choices.text(),
    )


def finding_by(choices: Choices) -> Finding:
    """Of any kind, in any file."""
    return Finding(
        kind=choices.one_of(list(Kind)),
        message=choices.text(),
        hint=choices.text(),
        file=choices.one_of((None, "pipeline.py", choices.text())),
        line=choices.one_of((None, 1, 12, 10**6)),
    )
