"""Opening the results file: by one writer at a time, and only if it is ours and of this version."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from grader.batch.store import Store
from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

APPLICATION = 0x756E626C  # "unbl", so that no other program's database is taken for ours
VERSION = 1
SCHEMA = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;
CREATE TABLE verdict (
    key TEXT PRIMARY KEY,
    gradable INTEGER NOT NULL,
    score REAL, max_score REAL,
    result BLOB,
    problem TEXT NOT NULL,
    gradings INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE submission (
    student TEXT PRIMARY KEY,
    run INTEGER NOT NULL,
    source TEXT NOT NULL,
    key TEXT,
    submitted_at REAL, submitted_from TEXT NOT NULL,
    problem TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE roster (
    student TEXT PRIMARY KEY,
    submission TEXT NOT NULL UNIQUE,
    submitted_at REAL,
    more TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""


@contextmanager
def opened(path: Path) -> Generator[Store]:
    """Open a results file for writing, or make one.

    Raises:
        UsageError: It is another program's, of another version, damaged, written by somebody else now, or cannot be
            written; it is left as it is.
    """
    with _told(path), _locked(path), closing(_connected(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        _prepare(path, connection)
        yield Store(connection)


@contextmanager
def opened_to_read(path: Path) -> Generator[Store]:
    """Open a results file that is there.

    Raises:
        UsageError: As for `opened`, or there is none.
    """
    if not path.is_file():
        raise UsageError(f"there is no results file {str(path)!r}; `unblocked batch` writes one")
    with _told(path), closing(_connected(path)) as connection:
        _demand_version(path, connection)
        yield Store(connection)


def _connected(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def _prepare(path: Path, connection: sqlite3.Connection) -> None:
    if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        connection.executescript(
            f"BEGIN; {SCHEMA} PRAGMA application_id = {APPLICATION};"
            f" PRAGMA user_version = {VERSION}; COMMIT;"
        )
    _demand_version(path, connection)


def _demand_version(path: Path, connection: sqlite3.Connection) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION:
        raise UsageError(f"{str(path)!r} is another program's database; name another file")
    if version != VERSION:
        raise UsageError(
            f"{str(path)!r} was written by another version of unblocked (format {version}, this one writes "
            f"{VERSION}); name another file, or use that version"
        )


@contextmanager
def _told(path: Path) -> Generator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise UsageError(f"the results file {str(path)!r} cannot be used: {error}") from error


@contextmanager
def _locked(path: Path) -> Generator[None]:
    """Be the only writer: a lock of our own, which goes with the process, however it ends."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise UsageError(
            f"the results cannot be written to {str(path)!r}: {error.strerror}"
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise UsageError(f"another batch is writing to {str(path)!r}; wait for it") from None
    finally:
        os.close(descriptor)
