"""Submissions that are zip files: only the files that are judged are read, nothing is unpacked to disk.

So a name that leads out of the archive leads nowhere, and of a bomb no more is inflated than a program may be long.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from typing import TYPE_CHECKING

from grader.batch.handed import HandedIn, Unreadable, choose_root, file_of, missing, refused
from grader.batch.jobs import Answer
from grader.submissions import IRREGULAR, SIZE, TOO_LARGE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LARGEST = 32 << 20
"""Bytes of an archive, at most: its table of contents is held in memory."""
BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError)
"""What the standard library raises for archives that are damaged, encrypted, or packed in a way it does not know."""


def read(path: Path, stages: Sequence[Path]) -> HandedIn:
    """Read a zip; its time is that of the archive itself.

    Raises:
        Unreadable: It is damaged, encrypted, too large, has names that lead out of it, or holds no stage.
    """
    about = path.stat()
    if about.st_size > LARGEST:
        raise Unreadable(f"it is larger than {LARGEST >> 20} MiB; hand in the programs alone")
    try:
        with zipfile.ZipFile(path) as archive:
            return HandedIn(_answers(archive, [s.name for s in stages]), about.st_mtime, "file")
    except BROKEN as error:
        raise Unreadable(f"it is no zip that can be read: {error}") from error


def _answers(archive: zipfile.ZipFile, stages: list[str]) -> tuple[Answer, ...]:
    files = {entry.filename: entry for entry in archive.infolist()}
    for name in files:
        if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/"):
            raise Unreadable(f"a name in it leads out of it: {name[:80]!r}; pack it again")
    root = choose_root(_roots(files), stages, files)
    return tuple(
        _answer(archive, files[name], stage)
        if (name := file_of(root, stage)) in files
        else missing(stage)
        for stage in stages
    )


def _roots(names: dict[str, zipfile.ZipInfo]) -> list[str]:
    """At the top, in `exercises/`, or in the one folder that was packed."""
    tops = {name.partition("/")[0] + "/" for name in names if not name.startswith("__MACOSX/")}
    wrapped = [top + inner for top in tops for inner in ("", "exercises/")]
    return ["", "exercises/", *(wrapped if len(tops) == 1 else [])]


def _answer(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, stage: str) -> Answer:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in {0, stat.S_IFREG}:
        return refused(stage, IRREGULAR)
    with archive.open(entry) as file:
        source = file.read(SIZE + 1)
    if len(source) > SIZE:
        return refused(stage, TOO_LARGE)
    return Answer(stage, source)
