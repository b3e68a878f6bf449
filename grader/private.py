"""Checks that an instructor keeps to themselves: found, and copied to where nobody else's files lie beside them.

The copy is what is run. Whatever lies beside or above the original has no part in it: a `conftest.py` or an
`__init__.py` there may have come with a submission.
"""

from __future__ import annotations

import builtins
import os
import re
import shutil
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import ExerciseError, UsageError
from grader.language import later, say
from grader.submissions import STAGE, choose_stages

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

CHECKS = "test_*.py"


def gather(folder: Path | None, stages: Sequence[Path], scratch: Path) -> dict[Path, Path]:
    """Copy the private checks of these stages.

    Args:
        folder: Holds `sNN_topic/test_*.py`; None if there are no private checks.
        stages: The exercise folders that are graded.
        scratch: Where the copies go.

    Returns:
        Exercise folder to the folder of its private checks, for the stages that have any.

    Raises:
        UsageError: There is no such folder.
        ExerciseError: It holds no checks, or checks of a stage that does not exist.
    """
    try:
        found = _find(folder) if folder else {}
        return {
            stage: _copy(found[stage.name], scratch / "private" / stage.name)
            for stage in stages
            if stage.name in found
        }
    except OSError as error:
        text = later("the private checks cannot be read: {path}: {why}")
        raise ExerciseError(say(text, path=error.filename, why=error.strerror)) from error


def _find(folder: Path) -> dict[str, list[Path]]:
    """Name of each stage with private checks to their files."""
    if not folder.is_dir():
        text = later("there is no folder {path!r}; private checks are DIR/sNN_topic/{checks}")
        raise UsageError(say(text, path=str(folder), checks=CHECKS))
    names = sorted(f.name for f in folder.iterdir() if f.is_dir() and STAGE.fullmatch(f.name))
    if not names:
        text = later(
            "{path!r} holds no private checks; it needs folders like s01_topic/ with a {checks} in each"
        )
        raise ExerciseError(say(text, path=str(folder), checks=CHECKS))
    known = [stage.name for stage in choose_stages((), bonus=True)]
    if strange := [name for name in names if name not in known]:
        text = later("{path!r} answers no stage; choose from: {stages}")
        raise ExerciseError(say(text, path=str(folder / strange[0]), stages=", ".join(known)))
    return {name: _checks(folder / name) for name in names}


def _checks(folder: Path) -> list[Path]:
    files = sorted(path for path in folder.glob(CHECKS) if path.is_file())
    if not files:
        text = later("{path!r} holds no {checks}; add one, or remove the folder")
        raise ExerciseError(say(text, path=str(folder), checks=CHECKS))
    return files


def _copy(files: Sequence[Path], target: Path) -> Path:
    target.mkdir(parents=True)
    for file in files:
        shutil.copyfile(file, target / file.name)
    return target


@contextmanager
def silence() -> Generator[None]:
    """Have nobody hear what private checks print."""
    with (
        Path(os.devnull).open("w", encoding="utf-8") as nobody,
        redirect_stdout(nobody),
        redirect_stderr(nobody),
    ):
        yield


def complaint(file: Path, text: str) -> str:
    """Say of a private file that does not run what its author needs, and quote nothing of it.

    Args:
        file: One that pytest could not collect.
        text: What pytest said, the error in its last line.
    """
    *_, last = text.splitlines() or [""]
    error = last.removeprefix("E").strip().partition(":")[0]
    lines = re.findall(rf'{re.escape(file.name)}(?::|", line )(\d+)', text)
    where = f", line {lines[-1]}" if lines else ""
    kind = error if error in vars(builtins) else "an error"
    return f"{file.parent.name}/{file.name}{where}: {kind} (a private check)"
