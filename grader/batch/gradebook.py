"""The gradebook: one row for each student, written as it is read, in the shape that its reader imports.

plain   everything: each stage, each check, lateness, and what went wrong
canvas  what Canvas imports: student columns, a row of possible points, and one assignment for each stage
moodle  what Moodle imports: who it is, a grade item for each stage and each check, and feedback

Source: Canvas' importer (instructure/canvas-lms, lib/gradebook_importer.rb) wants Student, ID, SIS User ID,
SIS Login ID and Section in this order, takes every further column for an assignment, and a row whose first cell
is "Points Possible" for what each is worth. Moodle (docs.moodle.org, "Grade import") lets its user map columns, and
finds people by ID number or e-mail address.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING

import msgspec

from grader.batch.lateness import Policy, days_late, penalty
from grader.report.harmless import harmless

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from grader.batch.store import Standing

    Cell = str | float | int | None
    Shape = Callable[["Columns", Policy, Iterable[Standing]], Iterator[list[Cell]]]

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - the wide ones are meant
"""What a spreadsheet may take for the beginning of a formula (owasp.org, "CSV Injection")."""


class CheckMark(msgspec.Struct, frozen=True):
    """Of a check's result, what a gradebook shows."""

    id: str
    points: float
    earned: float


class StageMarks(msgspec.Struct, frozen=True):
    """Of a stage's result, likewise."""

    stage: str
    score: float
    max_score: float
    checks: tuple[CheckMark, ...]


class Marks(msgspec.Struct, frozen=True):
    """Of a whole result, likewise."""

    score: float
    max_score: float
    stages: tuple[StageMarks, ...]
    bonus_score: float | None = None
    bonus_max_score: float | None = None


@dataclass(frozen=True)
class Columns:
    """What a graded submission of a run may have marks for, with the most there are."""

    stages: dict[str, float]
    checks: dict[str, float]


def write(
    file: IO[str], shape: str, policy: Policy, students: Callable[[], Iterable[Standing]]
) -> None:
    """Write a gradebook row by row.

    Args:
        file: Opened with `newline=""`.
        policy: What lateness costs.
        shape: A key of `SHAPES`.
        students: Gives everybody, anew each time.
    """
    rows = SHAPES[shape](columns_of(students()), policy, students())
    csv.writer(file).writerows([_safe(cell) for cell in row] for row in rows)


def columns_of(students: Iterable[Standing]) -> Columns:
    """The stages and checks of all results, in the order of the ladder: of the bonus, each has what it handed in."""
    stages: dict[str, float] = {}
    checks: dict[str, float] = {}
    for student in students:
        for stage in marks_of(student.result).stages if student.result else ():
            stages[stage.stage] = stage.max_score
            checks |= {check.id: check.points for check in stage.checks}
    of_stage = sorted(checks.items(), key=lambda check: check[0].partition("::")[0])
    return Columns(dict(sorted(stages.items())), dict(of_stage))


def marks_of(result: bytes) -> Marks:
    """The marks in a result's JSON; findings and events are not even decoded."""
    return msgspec.json.decode(result, type=Marks)


def _plain(columns: Columns, policy: Policy, students: Iterable[Standing]) -> Iterator[list[Cell]]:
    yield [
        *("student", "name", "status", "score", "max_score", "bonus_score", "bonus_max_score"),
        *("days_late", "penalty_percent", "final_score"),
        *("submitted_at", "submitted_from", "submission", "problem"),
        *columns.stages,
        *columns.checks,
    ]
    for student in students:
        marks = student.result and marks_of(student.result)
        lost = penalty(policy, student.submitted_at)
        yield [
            *(student.student, student.more.get("name", ""), _status(student)),
            *_scores(marks or None),
            *(days_late(policy, student.submitted_at), round(lost * 100, 2)),
            _after(marks.score, lost) if marks else None,
            *(_time(student.submitted_at), student.submitted_from),
            *(student.source, student.problem),
            *_stages(columns, marks or None, 0),
            *_checks(columns, marks or None),
        ]


def _canvas(columns: Columns, policy: Policy, students: Iterable[Standing]) -> Iterator[list[Cell]]:
    yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *columns.stages]
    yield ["Points Possible", "", "", "", "", *columns.stages.values()]
    for student in students:
        more = student.more
        lost = penalty(policy, student.submitted_at)
        marks = marks_of(student.result) if student.result else None
        yield [
            more.get("name", student.student),
            *(more.get("id", ""), more.get("sis_user_id", "")),
            *(more.get("sis_login_id", student.student), more.get("section", "")),
            *_stages(columns, marks, lost),
        ]


def _moodle(columns: Columns, policy: Policy, students: Iterable[Standing]) -> Iterator[list[Cell]]:
    yield [
        *("ID number", "Full name", "Email address"),
        *columns.stages,
        *columns.checks,
        *("Total", "Feedback"),
    ]
    for student in students:
        more = student.more
        lost = penalty(policy, student.submitted_at)
        marks = marks_of(student.result) if student.result else None
        yield [
            *(more.get("id", student.student), more.get("name", ""), more.get("email", "")),
            *_stages(columns, marks, lost),
            *_checks(columns, marks),
            _after(marks.score, lost) if marks else None,
            _feedback(student, policy),
        ]


SHAPES: dict[str, Shape] = {"plain": _plain, "canvas": _canvas, "moodle": _moodle}


def _scores(marks: Marks | None) -> list[Cell]:
    if marks is None:
        return [None] * 4
    return [marks.score, marks.max_score, marks.bonus_score, marks.bonus_max_score]


def _stages(columns: Columns, marks: Marks | None, lost: float) -> list[Cell]:
    scores = {stage.stage: _after(stage.score, lost) for stage in marks.stages} if marks else {}
    return [scores.get(stage) for stage in columns.stages]


def _checks(columns: Columns, marks: Marks | None) -> list[Cell]:
    stages = marks.stages if marks else ()
    earned = {check.id: check.earned for stage in stages for check in stage.checks}
    return [earned.get(check) for check in columns.checks]


def _after(score: float, lost: float) -> float:
    return round(score * (1 - lost), 2)


def _status(student: Standing) -> str:
    return student.status if student.listed else f"{student.status}, not in the roster"


def _feedback(student: Standing, policy: Policy) -> str:
    days = days_late(policy, student.submitted_at)
    late = f"{days} days late: {penalty(policy, student.submitted_at):.0%} less" if days else ""
    return late if student.result else student.problem or student.status


def _time(at: float | None) -> str:
    return "" if at is None else datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def _safe(cell: Cell) -> Cell:
    """Let no text be a formula, nor anything that a terminal obeys."""
    if not isinstance(cell, str):
        return cell
    text = harmless(cell).replace("\n", " ")
    return f"'{text}" if text.startswith(FORMULA) or cell.startswith(FORMULA) else text
