"""Reports on their way out: printed, or written whole."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.report import Report


def known_formats(names: list[str]) -> None:
    """Raise `UsageError` for a format that nobody writes, before anything is graded."""
    from grader.report import FORMATS  # noqa: PLC0415

    for name in names:
        if name not in list(FORMATS):
            raise UsageError(f"there is no format {name!r}; choose one of: {', '.join(FORMATS)}")


def write(report: Report, name: str, path: Path) -> None:
    """Write whole or not at all: a report is never half there.

    A pipe or a device is written to and not replaced: root has the right to put a file in the place of /dev/null.
    """
    from grader.report import render  # noqa: PLC0415

    text = render(name, report)
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")
            return
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, delete=False
        ) as beside:
            beside.write(text)
        _replace(Path(beside.name), path)
    except OSError as error:
        raise UsageError(
            f"the report cannot be written to {str(path)!r}: {error.strerror}"
        ) from error


def _replace(beside: Path, path: Path) -> None:
    try:
        beside.chmod(0o644)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


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
        raise UsageError(f"the report cannot be printed: {error.strerror}") from error


def _print(report: Report, name: str) -> None:
    from grader.report import FORMATS, render  # noqa: PLC0415

    if for_a_terminal := getattr(FORMATS[name], "show", None):
        from grader.report.console import console_for  # noqa: PLC0415

        for_a_terminal(report, console_for(sys.stdout, os.environ))
        return
    sys.stdout.buffer.write(render(name, report).encode())
