"""What a grading came to, as frozen values: findings, checks, stages, the whole."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """What sort of breach a finding states; declared in the order of cause before echo."""

    LIMIT = "limit"
    TAMPERING = "tampering"
    STRUCTURE = "structure"
    CRASH = "crash"
    BLOCKING = "blocking"
    STUCK = "stuck"
    NEVER_AWAITED = "never_awaited"
    BEHAVIOUR = "behaviour"
    LOOP_ERROR = "loop_error"
    LEAK = "leak"


class Verdict(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    """A check that it builds on failed."""
    UNKNOWN = "unknown"
    """The grader or the machine failed; never the learner's fault."""


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """One breach of a rule.

    Attributes:
        message: A fact out of the history, one sentence.
        hint: A question that leads on; "" if there is none.
        file: The learner's file as named in messages; None if no line is known.
        line: 1-based line in `file`; None if no line is known.
    """

    kind: Kind
    message: str
    hint: str = ""
    file: str | None = None
    line: int | None = None


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on one check.

    Attributes:
        id: `<stage>::<test name>`.
        title: First line of the check's docstring.
        points: What the check is worth, > 0.
        earned: 0 or `points`.
        seconds: Wall time that the check took; for information.
        output: What the submission printed during the check, shortened.
        findings: First cause first; empty when passed.
    """

    id: str
    title: str
    points: float
    earned: float
    verdict: Verdict
    seconds: float
    findings: tuple[Finding, ...] = ()
    output: str = ""


class StageResult(msgspec.Struct, frozen=True, kw_only=True):
    """All checks of one stage, in the order of the exercise."""

    stage: str
    score: float
    max_score: float
    checks: tuple[CheckResult, ...]

    @property
    def finished(self) -> bool:
        """Whether every point was earned."""
        return self.score >= self.max_score


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One grading of one submission; the shape of the JSON report, version 1.

    Attributes:
        submission: The path as given.
        seed: What ids, amounts and orders were drawn from.
        gradable: False when any verdict is unknown, or nothing was graded.
        guarantees: How exactly this machine let the judge see, for example "linux" or "portable".
        walls: What held the submission's process, outermost first; empty if it had none, for it was never run.
    """

    schema_version: int = 1
    submission: str
    seed: int
    gradable: bool
    score: float
    max_score: float
    guarantees: str
    walls: tuple[str, ...] = ()
    stages: tuple[StageResult, ...]

    @property
    def exit_code(self) -> int:
        """0 full marks; 1 marks lost; 3 could not be graded."""
        if not self.gradable:
            return 3
        return 0 if self.score >= self.max_score else 1


def stage_result(stage: str, checks: tuple[CheckResult, ...]) -> StageResult:
    """Add up one stage."""
    return StageResult(
        stage=stage,
        score=round(sum(check.earned for check in checks), 2),
        max_score=round(sum(check.points for check in checks), 2),
        checks=checks,
    )


def whole_result(
    submission: str,
    seed: int,
    guarantees: str,
    stages: tuple[StageResult, ...],
    walls: tuple[str, ...] = (),
) -> Result:
    """Add up all stages; one unknown verdict makes the whole ungradable."""
    checks = [check for stage in stages for check in stage.checks]
    return Result(
        submission=submission,
        seed=seed,
        gradable=bool(checks) and all(c.verdict is not Verdict.UNKNOWN for c in checks),
        score=round(sum(stage.score for stage in stages), 2),
        max_score=round(sum(stage.max_score for stage in stages), 2),
        guarantees=guarantees,
        walls=walls,
        stages=stages,
    )
