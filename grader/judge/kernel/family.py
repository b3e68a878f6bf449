"""A child and whatever it has forked, seen from outside (Linux): they share a process group that none can leave."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, NamedTuple

from grader.judge.kernel.accounts import Account, LinuxAccounts, NoAccounts, Sleep
from grader.judge.kernel.linux import NANO, voluntary
from grader.judge.kernel.threads import ASLEEP, Threads, read

if TYPE_CHECKING:
    from grader.judge.kernel.accounts import Accounts
    from grader.judge.kernel.threads import Reading

LISTED = os.path.exists("/proc/thread-self/children")
"""Whether this kernel lists the children of a thread; else everybody is looked at."""
ZOMBIE = "Z"
GONE = {b"gone", b"Z", b"X"}
SEARCH = 0.05
"""Seconds of real time between two searches for processes that are new."""


class Member(NamedTuple):
    """One process.

    Attributes:
        state: The kernel's letter; Z for one that has ended, and whose parent has not asked how.
        computed: Seconds on a CPU.
    """

    pid: int
    parent: int
    state: str
    computed: float


def members(pid: int) -> list[Member]:
    """The processes that a child has forked, and those that these have; without itself.

    Whoever has ended and whose parent had ended before is ours to ask about, and no member any more.
    """
    found: dict[int, Member] = {}
    waiting = [*_children(pid), *_children(_parent(pid))] if LISTED else _everybody()
    while waiting:
        if member := _member(waiting.pop(), pid):
            found[member.pid] = member
            waiting += _children(member.pid) if LISTED else []
    known = {pid, *found}
    return [each for each in found.values() if each.state != ZOMBIE or each.parent in known]


def _children(pid: int) -> list[int]:
    """Of all its threads; of the child's parent they are what it has adopted, too."""
    return [child for thread in Threads(pid).ids() for child in _children_of_thread(pid, thread)]


def _children_of_thread(pid: int, thread: int) -> list[int]:
    try:
        return list(map(int, read(f"/proc/{pid}/task/{thread}/children").split()))
    except OSError:  # it has just ended
        return []


def _everybody() -> list[int]:
    return list(map(int, filter(str.isdecimal, os.listdir("/proc"))))


def _parent(pid: int) -> int:
    try:
        return int(read(f"/proc/{pid}/stat").rpartition(b")")[2].split()[1])
    except OSError:  # it has just ended
        return pid


def memory(pid: int) -> int:
    """Bytes in memory of one process, for each page its share; 0 if it has ended."""
    try:
        words = read(f"/proc/{pid}/smaps_rollup").split()
        return int(words[words.index(b"Pss:") + 1]) << 10
    except (OSError, ValueError):
        return 0


def sleeps(pid: int) -> dict[str, int]:
    """How often each thread of a child, its loop left out, and each process that it forked went to sleep by itself."""
    threads = Threads(pid)
    folders = [f"/proc/{pid}/task/{thread}" for thread in threads.ids() - {pid}]
    threads.close()
    folders += [f"/proc/{member.pid}" for member in members(pid)]
    return {folder: _sleeps(folder) for folder in folders}


def _sleeps(folder: str) -> int:
    try:
        return voluntary(read(f"{folder}/status"))
    except (OSError, ValueError):  # it has just ended
        return 0


def _member(pid: int, group: int) -> Member | None:
    if pid == group:
        return None
    try:
        words = read(f"/proc/{pid}/stat").rpartition(b")")[2].split()
    except OSError:  # it has just ended
        return None
    if len(words) < 13 or int(words[2]) != group:
        return None
    ticks = int(words[11]) + int(words[12])
    return Member(pid, int(words[1]), words[0].decode(), ticks / os.sysconf("SC_CLK_TCK"))


class FamilyAccounts:
    """Accounts of a child's threads, and of all threads of what it has forked."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._own = LinuxAccounts(pid, holder=pid)
        self._others: dict[int, Threads] = {}
        self._searched = 0.0
        self._seen: Sleep | None = None

    def close(self) -> None:
        """Let go of all files."""
        self._own.close()
        for threads in self._others.values():
            threads.close()

    def account(self) -> Account | None:
        """All of them together, as they were known a moment ago; wake-ups are the child's own."""
        own = self._own.account()
        if own is None:
            return None
        if time.monotonic() - self._searched > SEARCH:
            self._search()
        ran = sum(int(reading.ran or 0) for reading in self._readings()) * NANO
        return Account(own.computed + ran, own.wakes)

    def sleep(self) -> Sleep | None:
        """How they sleep; None if one runs, or may run at once, or if the look before did not see the same sleep.

        One look may fall between the end of a process and the waking of whoever waits for it.
        """
        before, self._seen = self._seen, self._asleep()
        return self._seen if self._seen == before else None

    def _asleep(self) -> Sleep | None:
        own = self._own.sleep()
        if own is None or any(reading.state != ASLEEP for reading in self._readings()):
            return None
        self._search()
        first = self._readings()
        if any(reading.state != ASLEEP for reading in first) or self._readings() != first:
            return None
        return Sleep((*own.readings, *first), own.timed, own.selects)

    def _search(self) -> None:
        """Learn which others there are; those that have ended are left out."""
        self._searched = time.monotonic()
        alive = {each.pid for each in members(self._pid) if each.state != ZOMBIE}
        for gone in self._others.keys() - alive:
            self._others.pop(gone).close()
        for new in alive - self._others.keys():
            self._others[new] = Threads(new)

    def _readings(self) -> tuple[Reading, ...]:
        found: list[Reading] = []
        for threads in self._others.values():
            found += map(threads.reading, sorted(threads.ids()))
        return tuple(reading for reading in found if reading.state not in GONE)


def family_of(pid: int, accounts: Accounts) -> Accounts:
    """The accounts of a child that may fork, where those of its threads can be had."""
    if isinstance(accounts, NoAccounts):
        return accounts
    accounts.close()
    return FamilyAccounts(pid)
