"""What a grading came to, as frozen values: findings, checks, stages, the whole."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

if TYPE_CHECKING:
    from collections.abc import Iterable


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


What: TypeAlias = Literal[
    "called", "answered", "raised", "abandoned", "misused", "started", "ended", "cancelled", "told"
]
"""What an event may be; the first five are about a service, the others about an operation."""


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """One entry of a history.

    Attributes:
        what: "called", "answered", "raised", "abandoned" and "misused" are about a step of a customer; "started",
            "ended", "cancelled" and "told" (a callback of the caller) about an operation.
        at: Virtual seconds; in a result since the first event of the check.
        subject: The step, or the name of the operation or of the callback.
        user: User id, where one is known.
        number: Of the call or the operation.
        line: Of the submission, where one is known.
        text: More, in words.
        failed: It was an exception: `text` says which.
        wrong: In a result: here it went wrong.
        left_out: In a result: events between the one before and this one that are not told.
    """

    what: What
    at: float
    subject: str
    user: int | None = None
    number: int = 0
    line: int | None = None
    text: str = ""
    failed: bool = False
    wrong: bool = False
    left_out: int = 0


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
        events: Those of the history that explain the first finding; left out where none do.
        private: True for a check of the instructor's own, of which nothing else is told; else left out.
        bonus: True for a check whose points come on top of its stage's; else left out.
    """

    id: str
    title: str
    points: float
    earned: float
    verdict: Verdict
    seconds: float
    findings: tuple[Finding, ...] = ()
    output: str = ""
    events: tuple[Event, ...] | UnsetType = UNSET
    private: Literal[True] | UnsetType = UNSET
    bonus: Literal[True] | UnsetType = UNSET

    @property
    def story(self) -> tuple[Event, ...]:
        """The events; none where they are left out."""
        return () if isinstance(self.events, UnsetType) else self.events


class StageResult(msgspec.Struct, frozen=True, kw_only=True):
    """All checks of one stage, in the order of the exercise.

    Attributes:
        bonus: True for a stage of the bonus ladder; else left out.
    """

    stage: str
    score: float
    max_score: float
    bonus: Literal[True] | UnsetType = UNSET
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
        score: Points of the core: bonus checks and bonus stages stand beside it.
        bonus_score: Points of those; left out where none was judged.
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
    bonus_score: float | UnsetType = UNSET
    bonus_max_score: float | UnsetType = UNSET
    guarantees: str
    walls: tuple[str, ...] = ()
    stages: tuple[StageResult, ...]

    @property
    def share(self) -> float:
        """Which part of the core's points was earned; of the bonus where nothing else was judged."""
        if self.max_score:
            return self.score / self.max_score
        if self.bonus_score is UNSET or not self.bonus_max_score:
            return 0.0
        return self.bonus_score / self.bonus_max_score

    @property
    def exit_code(self) -> int:
        """0 full marks in all that was judged; 1 marks lost; 3 could not be graded."""
        if not self.gradable:
            return 3
        return 0 if all(stage.finished for stage in self.stages) else 1


def stage_result(
    stage: str, checks: tuple[CheckResult, ...], *, bonus: bool = False
) -> StageResult:
    """Add up one stage."""
    return StageResult(
        stage=stage,
        score=_earned(checks),
        max_score=_points(checks),
        bonus=bonus or UNSET,
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
    bonus = [check for stage in stages for check in stage.checks if stage.bonus or check.bonus]
    core = [check for stage in stages for check in stage.checks if not (stage.bonus or check.bonus)]
    return Result(
        submission=submission,
        seed=seed,
        gradable=bool(checks) and all(c.verdict is not Verdict.UNKNOWN for c in checks),
        score=_earned(core),
        max_score=_points(core),
        bonus_score=_earned(bonus) if bonus else UNSET,
        bonus_max_score=_points(bonus) if bonus else UNSET,
        guarantees=guarantees,
        walls=walls,
        stages=stages,
    )


def _earned(checks: Iterable[CheckResult]) -> float:
    return round(sum(check.earned for check in checks), 2)


def _points(checks: Iterable[CheckResult]) -> float:
    return round(sum(check.points for check in checks), 2)
