"""The other threads of the process: what each of them has used up."""

import contextlib
import os
import threading
import time
from collections.abc import Mapping

from .clocks import ProcFile
from .ledger import Spent
from .schedstat import spent_ns

_TASKS = "/proc/self/task"
_process_clock = time.process_time_ns
_own_clock = time.thread_time_ns
_STALE = 10_000_000

Clocks = Mapping[int, tuple[int, int]]
"""Nanoseconds on a CPU and in the run queue, by native thread id."""


class Company:
    """Keeps recent readings of the other threads' clocks, to tell a step's share afterwards."""

    def __init__(self) -> None:
        self._left_out = {threading.get_native_id()}
        self._files: dict[int, ProcFile] = {}
        self._taken_at = 0
        self._everybody = 0
        self._recent: Clocks = {}

    def leave_out(self, native_id: int) -> None:
        """Do not count a thread of our own."""
        self._left_out.add(native_id)

    def refresh(self, now: int) -> None:
        """Read the clocks again, unless they were read a moment ago."""
        if now - self._taken_at > _STALE:
            self._taken_at = now
            self._recent = self._read()
            self._everybody = _process_clock() - _own_clock()

    def spent(self) -> tuple[Spent, ...]:
        """What each thread has used since the last refresh; a new thread, all that it ever used.

        What threads used that have ended since is known in sum only, and stands last.
        """
        names = {thread.native_id: thread.name for thread in threading.enumerate()}
        living = [
            Spent(names.get(native_id, "a thread"), cpu - before[0], queued - before[1])
            for native_id, (cpu, queued) in self._read().items()
            for before in [self._recent.get(native_id, (0, 0))]
        ]
        everybody = _process_clock() - _own_clock() - self._everybody
        ended = max(0, everybody - sum(spent.cpu for spent in living))
        return (*living, Spent("a thread that has ended", ended, 0))

    def close(self) -> None:
        """Let go of `/proc`."""
        for file in self._files.values():
            file.close()
        self._files.clear()

    def _read(self) -> Clocks:
        self._follow({int(name) for name in _names()} - self._left_out)
        return {native_id: spent_ns(file.read()) for native_id, file in self._files.items()}

    def _follow(self, present: set[int]) -> None:
        for native_id in self._files.keys() - present:
            self._files.pop(native_id).close()
        for native_id in present - self._files.keys():
            with contextlib.suppress(OSError):  # gone again, or behind a wall
                self._files[native_id] = ProcFile(f"{_TASKS}/{native_id}/schedstat")


def _names() -> list[str]:
    """The threads' ids; none where the directory is behind a wall."""
    try:
        return os.listdir(_TASKS)  # noqa: PTH208 - a Path for each of them costs more than the reading
    except OSError:
        return []
