"""What trio has no argument for, reached in its inside: the one place to look when a new trio comes out.

pytest-trio and hypothesis reach for the order of turns in the same way; `tests/judge/test_trio.py` tells
whether all of it still holds.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import trio  # noqa: F401  # pyright: ignore[reportUnusedImport] - its inside comes with it

if TYPE_CHECKING:
    from collections.abc import Callable

_RUN: Any = sys.modules["trio._core._run"]
_THREADS: Any = sys.modules["trio._core._thread_cache"]


def prepare(rest: Callable[..., None]) -> None:
    """Make trio fit for a judged process.

    Its turns come in one order, where each run would draw another; its worker threads end with their work, where they
    would be kept for ten seconds.

    Args:
        rest: Called where trio would start a thread that waits for its events.
    """
    _RUN.start_thread_soon = rest
    _RUN._ALLOW_DETERMINISTIC_SCHEDULING = True  # noqa: SLF001 - see above
    _RUN._r.seed(0)  # noqa: SLF001 - as above
    _THREADS.IDLE_TIMEOUT = 0


def events_file() -> int:
    """Descriptor that is readable when trio, which runs in this thread, has something to do."""
    manager = _RUN.GLOBAL_RUN_CONTEXT.runner.io_manager
    poll = getattr(manager, "_epoll", None) or manager._kqueue  # noqa: SLF001 - there is no other way to wait for it
    descriptor: int = poll.fileno()
    return descriptor
