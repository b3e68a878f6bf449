"""Reports on their way out: printed, or written whole."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from grader.errors import UsageError
from grader.language import later, say

if TYPE_CHECKING:
    from collections.abc import Generator

    from grader.report import Report


def known_formats(names: list[str]) -> None:
    """Raise `UsageError` for a format that nobody writes, before anything is graded."""
    from grader.report import FORMATS  # noqa: PLC0415

    for name in names:
        if name not in list(FORMATS):
            text = say(
                "there is no format {name!r}; choose one of: {formats}",
                name=name,
                formats=", ".join(FORMATS),
            )
            raise UsageError(text)


def write(report: Report, name: str, path: Path) -> None:
    """Write whole or not at all: a report is never half there."""
    from grader.report import render  # noqa: PLC0415

    text = render(name, report)
    with written_whole(path, later("report")) as file:
        file.write(text)


@contextmanager
def written_whole(path: Path, what: str) -> Generator[IO[str]]:
    """Write beside a file, and put it in the file's place when all is written; lines end as they are written.

    A pipe or a device is written to and not replaced: root has the right to put a file in the place of /dev/null.

    Args:
        path: Of the file.
        what: What it is, for the error.

    Raises:
        UsageError: It cannot be written; what was there is still there.
    """
    try:
        with _opened_for(path) as file:
            yield file
    except OSError as error:
        raise _unwritable(path, what, error) from error


@contextmanager
def _opened_for(path: Path) -> Generator[IO[str]]:
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8", newline="") as device:
            yield device
        return
    with (
        tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="", dir=path.parent, delete=False
        ) as file,
        _in_place_of(path, Path(file.name)),
    ):
        yield file
        file.flush()


@contextmanager
def _in_place_of(path: Path, beside: Path) -> Generator[None]:
    """Put a new file in the place of another, or leave nothing of it."""
    try:
        yield
        beside.chmod(0o644)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def demand_place(path: Path, what: str) -> None:
    """Raise `UsageError` if nothing can be written there, before much work is done for it."""
    if path.is_dir():
        raise UsageError(_unwritable_for(path, what, say("it is a folder")))
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise _unwritable(path, what, error) from error


def _unwritable(path: Path, what: str, error: OSError) -> UsageError:
    return UsageError(_unwritable_for(path, what, error.strerror or ""))


def _unwritable_for(path: Path, what: str, why: str) -> str:
    text = later("the {what} cannot be written to {path!r}: {why}")
    return say(text, what=say(what), path=str(path), why=why)


def show(report: Report, name: str) -> None:
    """Print a report; a stream that takes no more is one sentence, not a traceback."""
    try:
        _print(report, name)
        sys.stdout.flush()
    except OSError as error:
        with suppress(OSError):
            os.dup2(
                os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
            )  # or the interpreter tries once more
        text = say("the report cannot be printed: {why}", why=error.strerror)
        raise UsageError(text) from error


def _print(report: Report, name: str) -> None:
    from grader.report import FORMATS, render  # noqa: PLC0415

    if for_a_terminal := getattr(FORMATS[name], "show", None):
        from grader.report.console import console_for  # noqa: PLC0415

        for_a_terminal(report, console_for(sys.stdout, os.environ))
        return
    sys.stdout.buffer.write(render(name, report).encode())
