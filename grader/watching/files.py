"""Saves, noticed: which stage's file has changed, or gone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeAlias

from grader.errors import UsageError
from grader.language import say
from grader.watching import words
from grader.watching.session import Saved

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

STEP = 20
"""Milliseconds in which changes that belong to one save come together."""
DEBOUNCE = 200
"""Milliseconds after which changes are told even if there are still more."""
LOOK = 500
"""Milliseconds after which the files are looked at though nothing was told: not every file system tells."""

Looks: TypeAlias = "dict[str, tuple[int, int, int] | None]"
"""Stage to what its file looked like: when it was changed, its size, which file it is; None if it is not there."""


def look(files: Mapping[str, Path]) -> Looks:
    """What the files look like now."""
    return {stage: _looked(path) for stage, path in files.items()}


def _looked(path: Path) -> tuple[int, int, int] | None:
    try:
        about = os.stat(path)  # noqa: PTH116 - twice a second: no Path objects
    except OSError:
        return None
    return about.st_mtime_ns, about.st_size, about.st_ino


def changes(before: Looks, now: Looks) -> list[Saved]:
    """The files that are not what they were."""
    return [
        Saved(stage, there=now[stage] is not None) for stage in now if now[stage] != before[stage]
    ]


async def saves(
    files: Mapping[str, Path], before: Looks, stop: asyncio.Event
) -> AsyncIterator[Saved]:
    """Tell each save of one of these files; however an editor saves, it is one.

    Args:
        files: Stage to its file, which need not exist.
        before: What they looked like; what has changed since is told first.
        stop: Ends it when it is set.

    Raises:
        UsageError: watchfiles is not installed.
    """
    try:
        from watchfiles import awatch  # noqa: PLC0415  # pyright: ignore[reportUnknownVariableType] - an extra, and its stop event may be anyone's
    except ImportError:
        raise UsageError(say(words.NEEDS_WATCHFILES)) from None
    places = {str(path.absolute()) for path in files.values()}
    async for _ in awatch(
        *{path.absolute().parents[1] for path in files.values()},
        watch_filter=lambda _, path: path in places,
        step=STEP,
        debounce=DEBOUNCE,
        stop_event=stop,
        rust_timeout=LOOK,
        yield_on_timeout=True,
        raise_interrupt=False,
    ):
        now = look(files)
        for saved in changes(before, now):
            yield saved
        before = now
