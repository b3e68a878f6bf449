"""The threads of a child, read from outside (Linux): can any of them move by itself?

A thread's three numbers: is it asleep, how long has it run, how often was it put on a CPU. If two readings of all
threads are equal and all are asleep, then at one instant between them nothing in the process could move by itself.
Nothing here trusts a word of the child's, and nothing here is spoilt by other work on the machine.

Source: proc_pid_schedstat, proc_pid_stat, proc_pid_syscall in proc(5); Documentation/scheduler/sched-stats.rst.
"""

from __future__ import annotations

import itertools
import os
import platform
from typing import TYPE_CHECKING, NamedTuple

from grader.judge.kernel.values import Rest

if TYPE_CHECKING:
    from collections.abc import Iterator

ASLEEP = b"S"


class Reading(NamedTuple):
    """One thread at one instant."""

    thread: int
    state: bytes
    ran: bytes
    times: bytes


class SystemCalls(NamedTuple):
    """Numbers of the system calls that may wait until a time, by architecture.

    Attributes:
        poll: Waits for so many milliseconds; 0 where there is none.
        until: Selectors that are given the address of a time, or none; the place of that argument, from 1.
    """

    futex: int
    epoll: frozenset[int]
    timed: frozenset[int]
    poll: int
    until: dict[int, int]


SYSTEM_CALLS = {
    "x86_64": SystemCalls(
        202,
        frozenset({232, 281, 441}),
        frozenset({230, 35, 7, 271, 23, 270, 128}),
        7,
        {271: 3, 23: 5, 270: 5},
    ),
    "aarch64": SystemCalls(
        98, frozenset({22, 441}), frozenset({115, 101, 73, 72, 137}), 0, {73: 3, 72: 5}
    ),
}
FOR_EVER = 0xFFFFFFFF
"""Milliseconds, as the low half of an argument."""


class Threads:
    """Readings of all threads of one process, whose files are kept open: they are read some thousand times a second.

    Args:
        pid: Process id, and the native id of the loop's thread.
    """

    def __init__(self, pid: int) -> None:
        self._root = f"/proc/{pid}/task"
        self._loop = pid
        self._calls = SYSTEM_CALLS[platform.machine()]
        self._files: dict[int, tuple[int, int]] = {}
        self._timed: dict[int, tuple[Reading, bool]] = {}

    def close(self) -> None:
        """Let go of all files."""
        for file in itertools.chain(*self._files.values()):
            os.close(file)

    def count(self) -> int:
        """How many there are; 0 when the process has ended."""
        try:
            return os.stat(self._root).st_nlink - 2
        except OSError:
            return 0

    def ids(self) -> frozenset[int]:
        """Which there are."""
        try:
            return frozenset(map(int, os.listdir(self._root)))
        except OSError:
            return frozenset()

    def look(self) -> Rest:
        """Prove, or not, that no thread can move by itself."""
        first: list[Reading] = []
        for reading in self._readings():
            if reading.state != ASLEEP:
                return Rest.RUNNING
            first.append(reading)
        if list(self._readings()) != first:
            return Rest.RUNNING
        timed = any(self._is_timed(reading) for reading in first if reading.thread != self._loop)
        return Rest.TIMED if timed else Rest.ASLEEP

    def reading(self, thread: int) -> Reading:
        """One of them, now."""
        try:
            stat, schedstat = self._open(thread)
            state = state_of(os.pread(stat, 400, 0))
            ran, _, times = os.pread(schedstat, 200, 0).split()
        except (OSError, ValueError, IndexError):  # the thread has just ended
            for file in self._files.pop(thread, ()):
                os.close(file)
            return Reading(thread, b"gone", b"", b"")
        return Reading(thread, state, ran, times)

    def loop_is_elsewhere(self) -> bool:
        """Whether the loop's thread waits in a system call, and in none of a selector's."""
        try:
            number = int(self._system_call(self._loop)[0])
        except (OSError, ValueError):  # it runs, or we may not look
            return False
        return number >= 0 and number not in self._calls.epoll

    def _readings(self) -> Iterator[Reading]:
        return map(self.reading, sorted(map(int, os.listdir(self._root))))

    def _open(self, thread: int) -> tuple[int, int]:
        files = self._files.get(thread)
        if files is None:
            folder = f"{self._root}/{thread}"
            stat = os.open(f"{folder}/stat", os.O_RDONLY)
            files = self._files[thread] = stat, os.open(f"{folder}/schedstat", os.O_RDONLY)
        return files

    def _is_timed(self, reading: Reading) -> bool:
        """Whether a sleeping thread has asked to be woken at a time; one that has not run since still sleeps so."""
        known = self._timed.get(reading.thread)
        if known is None or known[0] != reading:
            known = self._timed[reading.thread] = reading, self._asks_for_a_time(reading.thread)
        return known[1]

    def _asks_for_a_time(self, thread: int) -> bool:
        try:
            words = self._system_call(thread)
        except OSError:
            return True
        if words[0] == b"running":
            return True
        number = int(words[0])
        if number == self._calls.futex:
            return int(words[4], 16) != 0
        if number in self._calls.epoll:
            return int(words[4], 16) & FOR_EVER != FOR_EVER
        return number in self._calls.timed

    def selects_until(self, thread: int) -> bool | None:
        """Whether a thread that waits in a selector has asked to be woken at a time; None where it is elsewhere."""
        try:
            words = self._system_call(thread)
            number = int(words[0])
        except (OSError, ValueError):  # it has ended, or runs
            return None
        if number in self._calls.epoll:
            return int(words[4], 16) & FOR_EVER != FOR_EVER
        if number == self._calls.poll and number:
            return int(words[3], 16) & FOR_EVER != FOR_EVER
        place = self._calls.until.get(number)
        return None if place is None else int(words[place], 16) != 0

    def sleeps_until(self, thread: int) -> bool:
        """Whether a sleeping thread has asked to be woken at a time, in a selector or elsewhere."""
        selects = self.selects_until(thread)
        return self._asks_for_a_time(thread) if selects is None else selects

    def _system_call(self, thread: int) -> list[bytes]:
        return read(f"{self._root}/{thread}/syscall").split()


def state_of(stat: bytes) -> bytes:
    """The letter for a thread's state, from the text of its `stat`."""
    return stat.rpartition(b")")[2].split(None, 1)[0]


def read(path: str) -> bytes:
    """The first page of a file of /proc."""
    file = os.open(path, os.O_RDONLY)
    try:
        return os.read(file, 4096)
    finally:
        os.close(file)
