"""A process with all its descendants, looked at from outside."""

from __future__ import annotations

from contextlib import suppress

import psutil

from grader.shootout.results import Peak


def look(pid: int) -> Peak:
    """How many they are now, how many threads they have, and what memory they hold."""
    seen = [counts for process in _family(pid) if (counts := _counts(process))]
    return Peak(len(seen), sum(t for t, _ in seen), sum(m for _, m in seen))


def higher(one: Peak, other: Peak) -> Peak:
    """The higher of each figure."""
    return Peak(
        max(one.processes, other.processes),
        max(one.threads, other.threads),
        max(one.memory, other.memory),
    )


def _family(pid: int) -> list[psutil.Process]:
    with suppress(psutil.Error):
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    return []


def _counts(process: psutil.Process) -> tuple[int, int] | None:
    """Threads and bytes of one; None if it has just ended."""
    with suppress(psutil.Error), process.oneshot():
        memory = process.memory_full_info()
        return process.num_threads(), int(getattr(memory, "pss", memory.rss))
    return None
