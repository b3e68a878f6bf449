"""The results file: every verdict as soon as it is known, in SQLite, written by one process alone.

A transaction holds one submission, and the journal is a write-ahead log: whoever kills the writer at any moment loses
nothing that was recorded. A loss of power may lose the last few verdicts, which are then graded again.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping

    from grader.batch.jobs import Outcome
    from grader.batch.roster import Entry


@dataclass(frozen=True)
class Record:
    """What is known of one student's submission before it is graded.

    Attributes:
        source: Name of the folder, the zip or the bundle.
        key: Of its verdict; None if it could not be read.
        problem: Why not.
    """

    student: str
    source: str
    key: str | None = None
    submitted_at: float | None = None
    submitted_from: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Standing:
    """Where one student stands at the end of a run.

    Attributes:
        source: None for a student of the roster who handed in nothing.
        listed: Whether the roster names the student; True if there is no roster.
        result: The whole result as JSON; None if there is none to rely on.
        problem: Why there is none.
    """

    student: str
    source: str | None
    listed: bool
    submitted_at: float | None
    submitted_from: str
    problem: str
    result: bytes | None
    more: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def status(self) -> str:
        """In a word or three."""
        if self.source is None:
            return "missing"
        return "graded" if self.result is not None else "failed to grade"


class Store:
    """An open results file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    # ---- a run

    @property
    def run(self) -> int:
        """The number of the run that is under way, or was last."""
        return int(self.setting("run") or 0)

    def begin(self, roster: Iterable[Entry]) -> None:
        """Begin a run: what was handed in before counts no longer, unless it is seen again.

        Raises:
            UsageError: The roster names a student, or a submission, twice.
        """
        with self._transaction():
            self.set("run", self.run + 1)
            self._sql.execute("DELETE FROM roster")
            for entry in roster:
                self._enrol(entry)

    def _enrol(self, entry: Entry) -> None:
        values = (entry.student, entry.submission, entry.submitted_at)
        more = msgspec.json.encode(entry.more).decode()
        try:
            self._sql.execute("INSERT INTO roster VALUES (?, ?, ?, ?)", (*values, more))
        except sqlite3.IntegrityError:
            raise UsageError(
                f"the roster names {entry.student!r}, or the submission {entry.submission!r}, twice"
            ) from None

    def setting(self, name: str) -> int | str | None:
        """A value that was set, in this run or an earlier one."""
        row = self._sql.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        value: int | str | None = row and row[0]
        return value

    def set(self, name: str, value: int | str) -> None:
        """Keep a value for later runs."""
        self._sql.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))

    # ---- submissions

    def student_of(self, name: str) -> tuple[str, float | None]:
        """Whose submission has this name, and when the roster says that it was handed in."""
        row = self._sql.execute(
            "SELECT student, submitted_at FROM roster WHERE submission = ?", (name,)
        ).fetchone()
        return row or (name, None)

    def other_source(self, student: str) -> str | None:
        """What this student has handed in already in this run, under another name."""
        row = self._sql.execute(
            "SELECT source FROM submission WHERE student = ? AND run = ?", (student, self.run)
        ).fetchone()
        return row and str(row[0])

    def submitted(self, record: Record) -> None:
        """Record what a student handed in."""
        values = (record.key, record.submitted_at, record.submitted_from, record.problem)
        self._sql.execute(
            "INSERT OR REPLACE INTO submission VALUES (?, ?, ?, ?, ?, ?, ?)",
            (record.student, self.run, record.source, *values),
        )

    # ---- verdicts

    def is_graded(self, key: str) -> bool:
        """Whether there is a verdict to rely on."""
        row = self._sql.execute(
            "SELECT 1 FROM verdict WHERE key = ? AND gradable", (key,)
        ).fetchone()
        return row is not None

    def record(self, outcome: Outcome) -> bool:
        """Keep what became of a job; whether it can be relied on."""
        result = outcome.result
        gradable = bool(result and result.gradable)
        self._sql.execute(
            "INSERT INTO verdict VALUES (?, ?, ?, ?, ?, ?, 1) ON CONFLICT (key) DO UPDATE SET"
            " gradable = excluded.gradable, score = excluded.score, max_score = excluded.max_score,"
            " result = excluded.result, problem = excluded.problem, gradings = gradings + 1",
            (
                outcome.key,
                gradable,
                result and result.score,
                result and result.max_score,
                result and msgspec.json.encode(result),
                outcome.problem,
            ),
        )
        return gradable

    # ---- the end of a run

    def standings(self) -> Iterator[Standing]:
        """Everybody of this run and of its roster, by id, one at a time."""
        has_roster = self._sql.execute("SELECT 1 FROM roster LIMIT 1").fetchone() is not None
        # Ids alone are sorted, and each result is fetched when it is its turn.
        everybody = self._sql.execute(
            "SELECT student FROM submission WHERE run = ? UNION SELECT student FROM roster"
            " ORDER BY student",
            (self.run,),
        )
        for (student,) in everybody:
            yield self._standing(student, has_roster=has_roster)

    def _standing(self, student: str, *, has_roster: bool) -> Standing:
        source, listed, at, told_by, problem, result, more = self._sql.execute(
            "SELECT s.source, r.student IS NOT NULL, s.submitted_at, coalesce(s.submitted_from, ''),"
            " coalesce(nullif(s.problem, ''), v.problem, ''),"
            " CASE WHEN v.gradable THEN v.result END, coalesce(r.more, '{}')"
            " FROM (SELECT ?1 AS student) AS mine"
            " LEFT JOIN submission AS s ON s.student = mine.student AND s.run = ?2"
            " LEFT JOIN roster AS r ON r.student = mine.student"
            " LEFT JOIN verdict AS v ON v.key = s.key",
            (student, self.run),
        ).fetchone()
        return Standing(
            student,
            source,
            bool(listed) or not has_roster,
            at,
            told_by,
            problem,
            result,
            msgspec.json.decode(more, type=dict[str, str]),
        )

    @contextmanager
    def _transaction(self) -> Generator[None]:
        self._sql.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._sql.execute("ROLLBACK")
            raise
        self._sql.execute("COMMIT")
