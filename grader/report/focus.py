"""What deserves a learner's attention: decided once, for every format that people read."""

from __future__ import annotations

import textwrap
from itertools import chain
from typing import TYPE_CHECKING

from msgspec import UNSET

from grader.results import Kind, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.report.content import Report
    from grader.results import CheckResult, Result, StageResult

_RANK = {kind: rank for rank, kind in enumerate(Kind)}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def next_stage(report: Report) -> StageResult | None:
    """Pick the stage to work on: the first begun and not finished, else the first not finished."""
    open_stages = [stage for stage in report.result.stages if not stage.finished]
    begun = (stage for stage in open_stages if stage.stage not in report.untouched)
    return next(chain(begun, open_stages), None)


def first_cause(stage: StageResult) -> CheckResult | None:
    """Pick the failed check that explains most: causes before echoes, then as in the exercise."""
    return next(iter(causes(stage)), None)


def causes(stage: StageResult) -> list[CheckResult]:
    """Every failed check, causes before echoes, then as in the exercise."""
    return sorted((c for c in stage.checks if c.verdict is Verdict.FAILED), key=_rank)


def _rank(check: CheckResult) -> int:
    """Place in the order of cause before echo; last what explains nothing: no finding, or a private one."""
    return _RANK[check.findings[0].kind] if check.findings and not check.private else len(_RANK)


def echoes(stage: StageResult, shown: CheckResult) -> Iterator[str]:
    """Say one line for each further finding of the check shown, then for each other failed check.

    A cause that was told already is not told again: an import that fails, fails every check.
    """
    yield from (finding.message for finding in shown.findings[1:])
    told = {finding.message for finding in shown.findings}
    for check in stage.checks:
        if check.verdict is Verdict.FAILED and check is not shown:
            cause = check.findings[0].message if check.findings else ""
            yield f"{check.title}: {cause}" if cause and cause not in told else check.title
            told.add(cause)


def skipped(stage: StageResult) -> int:
    """Count the checks that build on one that failed."""
    return sum(check.verdict is Verdict.SKIPPED for check in stage.checks)


def undecided(report: Report) -> list[tuple[StageResult, CheckResult]]:
    """Every check without a verdict, with its stage."""
    return [
        (stage, check)
        for stage in report.result.stages
        for check in stage.checks
        if check.verdict is Verdict.UNKNOWN
    ]


def checks_to_go(stage: StageResult) -> str:
    """Say how many checks still lack their points."""
    return f"{count(sum(check.earned < check.points for check in stage.checks), 'check')} to go"


def count(number: int, noun: str) -> str:
    """Say `1 check` or `2 checks`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def points(value: float) -> str:
    """Write points with the decimals they need and no more."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def summary(report: Report) -> str:
    """Say the whole result in one line."""
    result = report.result
    if not result.gradable:
        return f"could not be graded: {_why_ungradable(report)}"
    score = " and ".join(_sums(result))
    stage = next_stage(report)
    if stage is None:
        return f"{score}: {_all_done(report)}."
    return f"{score}; next: {stage.stage}, {checks_to_go(stage)}"


def _sums(result: Result) -> Iterator[str]:
    """The points of the core, and beside them those of the bonus; only what was judged."""
    if result.max_score or not result.bonus_max_score:
        yield f"{points(result.score)} of {points(result.max_score)} points"
    if result.bonus_score is not UNSET and result.bonus_max_score is not UNSET:
        yield f"{points(result.bonus_score)} of {points(result.bonus_max_score)} bonus points"


def _why_ungradable(report: Report) -> str:
    unknown = undecided(report)
    if unknown:
        stages = list(dict.fromkeys(stage.stage for stage, _ in unknown))
        where = stages[0] if len(stages) == 1 else count(len(stages), "stage")
        return f"no verdict on {count(len(unknown), 'check')} of {where}"
    if not any(stage.checks for stage in report.result.stages):
        return "no check was run"
    return "the grading did not come to its end"


def _all_done(report: Report) -> str:
    stages = report.result.stages
    if len(stages) == 1:
        return f"{stages[0].stage} done"
    if len(stages) == 2:
        return "both stages done"
    number = _NUMBERS[len(stages)] if len(stages) < len(_NUMBERS) else str(len(stages))
    return f"all {number} stages done"


def excerpt(source: str, line: int, around: int = 2) -> list[tuple[int, str]]:
    r"""Cut a line (1-based) and its neighbours out of a source parted by `\n`, and unindent them.

    Returns:
        Line numbers and lines; [] when the source has no such line.
    """
    lines = source.removesuffix("\n").split("\n")
    if not 1 <= line <= len(lines):
        return []
    first, last = max(1, line - around), min(len(lines), line + around)
    unindented = textwrap.dedent("\n".join(lines[first - 1 : last])).split("\n")
    return list(zip(range(first, last + 1), unindented, strict=True))
