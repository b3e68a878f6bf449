"""What a learner's attention is drawn to."""

from __future__ import annotations

import msgspec
import pytest

from grader.redaction import redacted
from grader.report import Report, focus
from grader.results import (
    CheckResult,
    Finding,
    Kind,
    StageResult,
    Verdict,
    stage_result,
    whole_result,
)


def failed(title: str, *kinds: Kind) -> CheckResult:
    """Make a failed check with a finding of each kind."""
    found = tuple(Finding(kind=kind, message=f"{kind} happened") for kind in kinds)
    return CheckResult(
        id=f"s01_a::{title}",
        title=title,
        points=1,
        earned=0,
        verdict=Verdict.FAILED,
        seconds=0,
        findings=found,
    )


def stage(name: str, verdict: Verdict, number: int = 1) -> StageResult:
    """Make a stage whose checks all ended alike."""
    earned = float(verdict is Verdict.PASSED)
    checks = (
        CheckResult(
            id=f"{name}::test_{index}",
            title="",
            points=1,
            earned=earned,
            verdict=verdict,
            seconds=0,
        )
        for index in range(number)
    )
    return stage_result(name, tuple(checks))


def report(*stages: StageResult, untouched: frozenset[str] = frozenset()) -> Report:
    """Report on these stages."""
    return Report(whole_result("exercises", 1, "linux", stages), untouched=untouched)


def test_work_that_is_begun_comes_before_what_is_not() -> None:
    """A learner who skipped a stage is shown the stage that they are at."""
    skipped, begun = stage("s01_a", Verdict.FAILED), stage("s02_b", Verdict.FAILED)

    attention = focus.next_stage(report(skipped, begun, untouched=frozenset({"s01_a"})))

    assert attention is begun


def test_first_stage_is_next_when_nothing_is_begun() -> None:
    """Starters only: begin at the beginning."""
    first, second = stage("s01_a", Verdict.FAILED), stage("s02_b", Verdict.FAILED)

    attention = focus.next_stage(report(first, second, untouched=frozenset({"s01_a", "s02_b"})))

    assert attention is first


def test_private_check_is_shown_last() -> None:
    """It explains nothing: even an echo of a public check says more."""
    private = redacted(failed("private", Kind.LIMIT), 1)
    public = failed("public", Kind.LEAK)

    assert focus.first_cause(stage_result("s01_a", (private, public))) is public
    assert focus.first_cause(stage_result("s01_a", (private,))) is private


def test_cause_comes_before_echo() -> None:
    """A blocked loop explains a wrong result, so it is shown though it failed a later check."""
    echo, cause = failed("wrong result", Kind.BEHAVIOUR), failed("blocked", Kind.BLOCKING)

    shown = focus.first_cause(stage_result("s01_a", (echo, cause)))

    assert shown is cause


def test_earlier_check_comes_first_among_equals() -> None:
    """Of two wrong results the one that the exercise asks for first is shown."""
    first, second = failed("first", Kind.BEHAVIOUR), failed("second", Kind.BEHAVIOUR)

    shown = focus.first_cause(stage_result("s01_a", (failed("nothing known"), first, second)))

    assert shown is first


def test_echo_of_a_cause_already_told_is_only_named() -> None:
    """The same words are not read twice."""
    shown = failed("shown", Kind.CRASH, Kind.LEAK)
    others = failed("same", Kind.CRASH), failed("new", Kind.STUCK), failed("unexplained")

    told = list(focus.echoes(stage_result("s01_a", (shown, *others)), shown))

    assert told == ["leak happened", "same", "new: stuck happened", "unexplained"]


@pytest.mark.parametrize(
    ("stages", "line"),
    [
        ([stage("s01_a", Verdict.PASSED)], "1 of 1 points: s01_a done."),
        (
            [stage("s01_a", Verdict.PASSED), stage("s02_b", Verdict.PASSED)],
            "2 of 2 points: both stages done.",
        ),
        (
            [stage(f"s{index:02}_a", Verdict.PASSED) for index in range(1, 5)],
            "4 of 4 points: all four stages done.",
        ),
        (
            [stage(f"s{index:02}_a", Verdict.PASSED) for index in range(1, 13)],
            "12 of 12 points: all 12 stages done.",
        ),
        (
            [stage("s01_a", Verdict.PASSED, 2), stage("s02_b", Verdict.FAILED)],
            "2 of 3 points; next: s02_b, 1 check to go",
        ),
        (
            [stage("s01_a", Verdict.FAILED, 3), stage("s02_b", Verdict.UNKNOWN)],
            "could not be graded: no verdict on 1 check of s02_b",
        ),
        (
            [stage("s01_a", Verdict.UNKNOWN), stage("s02_b", Verdict.UNKNOWN)],
            "could not be graded: no verdict on 2 checks of 2 stages",
        ),
        ([], "could not be graded: no check was run"),
    ],
)
def test_summary_says_the_whole_result(stages: list[StageResult], line: str) -> None:
    """One line is enough to know where one stands."""
    assert focus.summary(report(*stages)) == line


def test_summary_of_a_grading_that_broke_off() -> None:
    """A result may be ungradable though each check that was run has its verdict."""
    whole = report(stage("s01_a", Verdict.PASSED)).result

    line = focus.summary(Report(msgspec.structs.replace(whole, gradable=False)))

    assert line == "could not be graded: the grading did not come to its end"


def test_bonus_stands_beside_the_core() -> None:
    """What was not judged is not counted."""
    core = stage("s01_a", Verdict.PASSED)
    bonus = stage_result("s05_b", stage("s05_b", Verdict.PASSED, 2).checks, bonus=True)

    assert focus.summary(report(core, bonus)).startswith("1 of 1 points and 2 of 2 bonus points: ")
    assert focus.summary(report(bonus)) == "2 of 2 bonus points: s05_b done."
    assert focus.summary(report(core)) == "1 of 1 points: s01_a done."
    failed_bonus = stage_result("s05_b", stage("s05_b", Verdict.FAILED, 2).checks, bonus=True)
    assert report(core, failed_bonus).result.share == 1.0
    assert report(failed_bonus).result.share == report().result.share == 0.0
    assert [report(core, each).result.exit_code for each in (bonus, failed_bonus)] == [0, 1]


@pytest.mark.parametrize(
    ("line", "numbers"),
    [(1, [1, 2, 3]), (3, [1, 2, 3, 4, 5]), (6, [4, 5, 6]), (7, []), (0, [])],
)
def test_excerpt_keeps_to_the_source(line: int, numbers: list[int]) -> None:
    """Near the ends there are fewer neighbours, and beyond them nothing."""
    source = "".join(f"line {number}\n" for number in range(1, 7))

    shown = focus.excerpt(source, line)

    assert shown == [(number, f"line {number}") for number in numbers]


def test_excerpt_is_unindented() -> None:
    """Deeply nested callbacks still fit a narrow terminal; their shape stays."""
    source = "        def paid():\n\n            done()\n"

    assert focus.excerpt(source, 3) == [(1, "def paid():"), (2, ""), (3, "    done()")]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (100, "100"), (22.5, "22.5"), (0.25, "0.25"), (1234567, "1234567")],
)
def test_points_have_no_needless_decimals(value: float, text: str) -> None:
    """Whole points are written whole."""
    assert focus.points(value) == text
