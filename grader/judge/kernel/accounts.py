"""What the kernel has counted of a child's threads other than its loop's: computing, wake-ups, and how they sleep.

No word of the child's is needed: whatever threads there are, all of them count.
"""

from __future__ import annotations

import platform
import sys
from typing import NamedTuple, Protocol

from grader.judge.kernel.linux import NANO, voluntary
from grader.judge.kernel.threads import ASLEEP, SYSTEM_CALLS, Reading, Threads, read


class Account(NamedTuple):
    """What threads have done so far.

    Attributes:
        computed: Seconds on a CPU.
        wakes: Times that one went to sleep by itself; as often it was woken.
    """

    computed: float
    wakes: int

    def since(self, before: Account) -> Account:
        """What they have done meanwhile."""
        return Account(self.computed - before.computed, self.wakes - before.wakes)


class Sleep(NamedTuple):
    """All threads asleep.

    Attributes:
        readings: Equal as long as none has moved.
        timed: One has asked to be woken at a time.
        selects: How many wait in a selector.
    """

    readings: tuple[Reading, ...]
    timed: bool
    selects: int


class Accounts(Protocol):
    """What a program's threads are asked from outside."""

    def account(self) -> Account | None: ...
    def sleep(self) -> Sleep | None: ...
    def close(self) -> None: ...


class LinuxAccounts:
    """Readings of /proc.

    Args:
        pid: Process id, and the native id of its first thread, which does not count.
        without: More threads that do not.
        holder: A thread that may hold the GIL for which the others wait: while it runs, they do not rest.
    """

    def __init__(
        self, pid: int, without: frozenset[int] = frozenset(), *, holder: int | None = None
    ) -> None:
        self._holder = holder
        self._without = without | {pid}
        self._root = f"/proc/{pid}/task"
        self._threads = Threads(pid)

    def close(self) -> None:
        """Let go of all files."""
        self._threads.close()

    def account(self) -> Account | None:
        """All of them together; a thread that has ended counts no more."""
        computed = wakes = 0
        for reading in self._readings():
            computed += int(reading.ran or 0)
            wakes += self._wakes(reading.thread)
        return Account(computed * NANO, wakes)

    def sleep(self) -> Sleep | None:
        """How they sleep; None if one runs, or may run at once."""
        held, first = self._held(), self._readings()
        if any(reading.state != ASLEEP for reading in (*held, *first)):
            return None
        selects = [self._threads.selects_until(reading.thread) for reading in first]
        timed = any(self._threads.sleeps_until(reading.thread) for reading in first)
        if (self._held(), self._readings()) != (held, first):
            return None
        return Sleep(first, timed, sum(until is not None for until in selects))

    def _readings(self) -> tuple[Reading, ...]:
        others = sorted(self._threads.ids() - self._without)
        readings = map(self._threads.reading, others)
        return tuple(reading for reading in readings if reading.state != b"gone")

    def _held(self) -> list[Reading]:
        return [self._threads.reading(self._holder)] if self._holder is not None else []

    def _wakes(self, thread: int) -> int:
        try:
            return voluntary(read(f"{self._root}/{thread}/status"))
        except (OSError, ValueError):
            return 0


class NoAccounts:
    """A system that does not tell."""

    def account(self) -> Account | None: ...
    def sleep(self) -> Sleep | None: ...
    def close(self) -> None: ...


def accounts_of(pid: int, guarantees: str) -> Accounts:
    """The best that this machine tells of a process at which the judge can look so."""
    known = sys.platform == "linux" and platform.machine() in SYSTEM_CALLS
    return LinuxAccounts(pid, holder=pid) if known and guarantees == "linux" else NoAccounts()
