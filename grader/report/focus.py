"""What deserves a learner's attention: decided once, for every format that people read."""

from __future__ import annotations

import textwrap
from itertools import chain
from typing import TYPE_CHECKING

from msgspec import UNSET

from grader.language import later, say, say_count
from grader.results import Kind, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.report.content import Report
    from grader.results import CheckResult, Result, StageResult

_RANK = {kind: rank for rank, kind in enumerate(Kind)}
_NUMBERS = (
    *(later("three"), later("four"), later("five"), later("six")),
    *(later("seven"), later("eight"), later("nine"), later("ten")),
)


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
            title = check.title.removesuffix(".")
            yield f"{title}: {cause}" if cause and cause not in told else check.title
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
    left = sum(check.earned < check.points for check in stage.checks)
    return say_count("{count} check to go", "{count} checks to go", left)


def score(stage: StageResult) -> str:
    """Say what a stage earned of what it is worth."""
    return say("{score} of {most}", score=points(stage.score), most=points(stage.max_score))


def points(value: float) -> str:
    """Write points with the decimals they need and no more."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def summary(report: Report) -> str:
    """Say the whole result in one line."""
    result = report.result
    if not result.gradable:
        return say("could not be graded: {why}", why=_why_ungradable(report))
    earned = _earned(result)
    stage = next_stage(report)
    if report.only:
        text = later("{earned}: {check} failed") if stage else later("{earned}: {check} passed")
        return say(text, earned=earned, check=report.only)
    if stage is None:
        return say("{earned}: {done}.", earned=earned, done=_all_done(report))
    return say(
        "{earned}; next: {stage}, {to_go}",
        earned=earned,
        stage=stage.stage,
        to_go=checks_to_go(stage),
    )


def _earned(result: Result) -> str:
    """The points of the core, and beside them those of the bonus; only what was judged."""
    core, most = points(result.score), points(result.max_score)
    own = say("{score} of {most} points", score=core, most=most)
    if result.bonus_score is UNSET or result.bonus_max_score is UNSET:
        return own
    extra, most = points(result.bonus_score), points(result.bonus_max_score)
    bonus = say("{score} of {most} bonus points", score=extra, most=most)
    if not result.max_score and result.bonus_max_score:
        return bonus
    return say("{core} and {bonus}", core=own, bonus=bonus)


def _why_ungradable(report: Report) -> str:
    unknown = undecided(report)
    if unknown:
        stages = list(dict.fromkeys(stage.stage for stage, _ in unknown))
        where = (
            stages[0]
            if len(stages) == 1
            else say_count("{count} stage", "{count} stages", len(stages))
        )
        return say_count(
            "no verdict on {count} check of {where}",
            "no verdict on {count} checks of {where}",
            len(unknown),
            where=where,
        )
    if not any(stage.checks for stage in report.result.stages):
        return say("no check was run")
    return say("the grading did not come to its end")


def _all_done(report: Report) -> str:
    stages = report.result.stages
    if len(stages) == 1:
        return say("{stage} done", stage=stages[0].stage)
    if len(stages) == 2:
        return say("both stages done")
    number = dict(enumerate(_NUMBERS, 3)).get(len(stages))
    return say("all {number} stages done", number=say(number) if number else len(stages))


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
