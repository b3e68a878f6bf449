"""Finds submissions: each subfolder, zip or git bundle of a folder is one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.batch import archives, bundles, folders
from grader.batch.handed import Unreadable
from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from grader.batch.handed import HandedIn

READERS: dict[str, Callable[[Path, Sequence[Path]], HandedIn]] = {
    "": folders.read,
    ".zip": archives.read,
    ".bundle": bundles.read,
}
"""By the end of a name; "" is a folder."""


@dataclass(frozen=True)
class Source:
    """Where one submission lies.

    Attributes:
        name: Of the folder, or of the file without its end: whose it is, unless the roster says otherwise.
        kind: What reads it, a key of `READERS`.
    """

    name: str
    path: Path
    kind: str

    @property
    def label(self) -> str:
        """What messages call it."""
        return self.name + self.path.suffix if self.kind else self.name


def find(folder: Path) -> Iterator[Source]:
    """Every submission, in no order; a class may be larger than memory.

    What begins with a dot, and files of other kinds, are nobody's submission.

    Raises:
        UsageError: The folder cannot be listed.
    """
    try:
        with os.scandir(folder) as entries:
            yield from filter(None, map(_source, entries))
    except OSError as error:
        raise UsageError(
            f"the submissions cannot be listed in {str(folder)!r}: {error.strerror}"
        ) from error


def read(source: Source, stages: Sequence[Path]) -> HandedIn:
    """Read what counts of a submission.

    Args:
        source: Which.
        stages: The exercise folders.

    Raises:
        Unreadable: It cannot be opened.
    """
    try:
        if source.path.is_symlink():
            raise Unreadable("it is a link; put the submission itself there")
        return READERS[source.kind](source.path, stages)
    except OSError as error:
        raise Unreadable(f"it cannot be read: {error.strerror}") from error


def _source(entry: os.DirEntry[str]) -> Source | None:
    if entry.name.startswith("."):
        return None
    path = Path(entry.path)
    if entry.is_dir():
        return Source(_storable(entry.name), path, "")
    kind = path.suffix.lower()
    return Source(_storable(path.stem), path, kind) if kind in READERS and kind else None


def _storable(name: str) -> str:
    """A name that UTF-8 can carry: a file's may be any bytes."""
    return name.encode("utf-8", "backslashreplace").decode()
