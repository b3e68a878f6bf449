"""The one folder in which a child may write: new in each check, and gone with it."""

from __future__ import annotations

import itertools
import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MODE = 0o700


def make(path: str) -> None:
    """Make it, unless the other side was faster."""
    with suppress(FileExistsError):
        os.mkdir(path, MODE)  # noqa: PTH102 - no pathlib in the warm process


def clear(path: str) -> None:
    """Remove it with all that it holds; never raises."""
    empty(path)
    remove(path)


def remove(path: str) -> None:
    """Remove an empty folder; what cannot go now goes with the folder of all of them."""
    with suppress(OSError):
        os.rmdir(path)  # noqa: PTH106 - as above


def empty(path: str) -> None:
    """Remove all that it holds, however deep, however its permissions are set; never raises."""
    fresh = (f"{path}/{os.urandom(12).hex()}" for _ in itertools.repeat(None))
    with suppress(OSError):
        os.chmod(path, MODE)  # noqa: PTH101 - as above
        while names := os.listdir(path):  # noqa: PTH208 - as above
            for name in names:
                _remove(f"{path}/{name}", fresh)


def _remove(path: str, fresh: Iterator[str]) -> None:
    """A file goes; of a folder, the folders within are brought up to the root first, so no path grows long."""
    if not stat.S_ISDIR(os.lstat(path).st_mode):
        os.unlink(path)  # noqa: PTH108 - as above
        return
    os.chmod(path, MODE)  # noqa: PTH101 - as above
    for name in os.listdir(path):  # noqa: PTH208 - as above
        inner = f"{path}/{name}"
        if stat.S_ISDIR(os.lstat(inner).st_mode):
            os.chmod(inner, MODE)  # noqa: PTH101 - to move a folder is to write in it
            os.rename(inner, next(fresh))  # noqa: PTH104 - as above
        else:
            os.unlink(inner)  # noqa: PTH108 - as above
    os.rmdir(path)  # noqa: PTH106 - as above


def size(path: str, most_entries: int) -> tuple[int, int]:
    """Bytes on disk and entries, counted no further than so many entries."""
    space, entries, folders = 0, 0, [path]
    while folders and entries <= most_entries:
        with suppress(OSError), os.scandir(folders.pop()) as found:
            for entry in found:
                entries += 1
                with suppress(OSError):
                    about = entry.stat(follow_symlinks=False)
                    space += about.st_blocks * 512
                    if stat.S_ISDIR(about.st_mode):
                        folders.append(entry.path)
                if entries > most_entries:
                    break
    return space, entries
