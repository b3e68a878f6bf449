"""The roster: who is in the class, what they are called elsewhere, and when they handed in."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.batch.lateness import instant
from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

COLUMNS = (
    "student",
    "name",
    "submission",
    "submitted_at",
    "email",
    "id",
    "sis_user_id",
    "sis_login_id",
    "section",
)
"""Those that are known; only `student` is needed, and others are left alone."""


@dataclass(frozen=True)
class Entry:
    """One line of a roster.

    Attributes:
        student: Who, by the id that the gradebook shows.
        submission: Name of what they hand in; by default their id.
        submitted_at: Seconds since the epoch; None to ask the submission.
        more: The other columns, for gradebooks of other systems.
    """

    student: str
    submission: str
    submitted_at: float | None = None
    more: Mapping[str, str] = field(default_factory=dict[str, str])


def read(path: Path) -> Iterator[Entry]:
    """Every line of a roster, checked one by one.

    Raises:
        UsageError: It cannot be read, has no column `student`, or a line without one, or a time that is none.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _entries(path, csv.reader(file, strict=True))
    except OSError as error:
        raise UsageError(f"the roster {str(path)!r} cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"the roster {str(path)!r} is no CSV file in UTF-8: {error}") from error


def _entries(path: Path, lines: Iterator[list[str]]) -> Iterator[Entry]:
    header = [name.strip().lower().replace(" ", "_") for name in next(lines, list[str]())]
    if "student" not in header:
        raise UsageError(f"the roster {str(path)!r} needs a first line with a column 'student'")
    for number, line in enumerate(lines, 2):
        if any(line):
            known = dict(zip(header, map(str.strip, line), strict=False))
            yield _entry(f"line {number} of the roster", known)


def _entry(where: str, known: dict[str, str]) -> Entry:
    if not (student := known.get("student", "")):
        raise UsageError(f"{where} names no student")
    time = known.get("submitted_at", "")
    return Entry(
        student,
        known.get("submission") or student,
        instant(time, f"submitted_at in {where}") if time else None,
        {name: known[name] for name in (*COLUMNS[4:], "name") if known.get(name)},
    )
