"""Saves, noticed: which stage's file has changed, or gone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from grader.errors import UsageError
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


async def saves(files: Mapping[str, Path], stop: asyncio.Event) -> AsyncIterator[Saved]:
    """Tell each save of one of these files until `stop` is set; however an editor saves, it is one.

    Args:
        files: Stage to its file, which need not exist.
        stop: Ends it when it is set.

    Raises:
        UsageError: watchfiles is not installed.
    """
    try:
        from watchfiles import awatch  # noqa: PLC0415 - an extra: who only grades does not need it
    except ImportError:
        raise UsageError(words.NEEDS_WATCHFILES) from None
    places = {str(path.absolute()): stage for stage, path in files.items()}
    root = {path.absolute().parents[1] for path in files.values()}
    changes = awatch(
        *root,
        watch_filter=lambda _, path: path in places,
        step=STEP,
        debounce=DEBOUNCE,
        stop_event=stop,
        raise_interrupt=False,
    )
    async for changed in changes:
        for path in sorted({path for _, path in changed}):
            yield Saved(places[path], there=os.path.isfile(path))  # noqa: ASYNC240, PTH113 - one look
