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
    numbers = map(int, filter(str.isdecimal, os.listdir("/proc")))
    found = [member for each in numbers if (member := _member(each, pid))]
    known = {pid, *(member.pid for member in found)}
    return [member for member in found if member.state != ZOMBIE or member.parent in known]


def memory(pid: int) -> int:
    """Bytes in memory of one process, for each page its share; 0 if it has ended."""
    try:
        words = read(f"/proc/{pid}/smaps_rollup").split()
        return int(words[words.index(b"Pss:") + 1]) << 10
    except (OSError, ValueError):
        return 0


def sleeps(pid: int) -> int:
    """How often threads of a child, its loop left out, and processes that it has forked went to sleep by themselves."""
    threads = Threads(pid)
    folders = [f"/proc/{pid}/task/{thread}" for thread in threads.ids() - {pid}]
    threads.close()
    return sum(map(_sleeps, [*folders, *(f"/proc/{member.pid}" for member in members(pid))]))


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
        self._own = LinuxAccounts(pid)
        self._others: dict[int, Threads] = {}
        self._searched = 0.0

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
        """How they sleep; None if one runs, or may run at once."""
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
