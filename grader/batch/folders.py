"""Submissions that are folders: read by the same rules as `unblocked grade` reads them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from grader import submissions
from grader.batch.handed import HandedIn, Unreadable
from grader.batch.jobs import Answer
from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from grader.submissions import Submitted


def read(path: Path, stages: Sequence[Path]) -> HandedIn:
    """Read a folder; its time is that of the youngest file that is judged.

    Raises:
        Unreadable: It holds no stage.
    """
    try:
        files = submissions.find(path, stages, named=False)
    except UsageError as error:
        raise Unreadable(str(error).replace(repr(str(path)), "it")) from error
    times = [_modified(file) for file in files if file.source is not None]
    answers = tuple(_answer(path, file) for file in files)
    return HandedIn(answers, max(times, default=path.stat().st_mtime), "file")


def _answer(root: Path, file: Submitted) -> Answer:
    if file.refusal is None:
        return Answer(file.folder.name, file.source)
    # A verdict must not depend on where the class's folder lies.
    message = file.refusal.message.replace(f"{root}{os.sep}", "")
    return Answer(file.folder.name, refusal=msgspec.structs.replace(file.refusal, message=message))


def _modified(file: Submitted) -> float:
    try:
        return file.path.lstat().st_mtime
    except OSError:
        return 0.0
