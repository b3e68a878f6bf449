"""What the kernel says about a child, read from outside (Linux).

A thread's three numbers: is it asleep, how long has it run, how often was it put on a CPU. If two readings of all
threads are equal and all are asleep, then at one instant between them nothing in the process could move by itself.
Nothing here trusts a word of the child's, and nothing here is spoilt by other work on the machine.

Source: proc_pid_schedstat, proc_pid_stat, proc_pid_syscall in proc(5); Documentation/scheduler/sched-stats.rst.
"""

from __future__ import annotations

import itertools
import os
import platform
import sys
import time
from enum import Enum
from typing import NamedTuple, Protocol

NANO = 1e-9
PATIENCE = 10.0
"""Seconds of real time that a step may take where nobody can look at it from outside."""


class Rest(Enum):
    """What a look at all threads found."""

    RUNNING = "a thread runs, or may run at once"
    TIMED = "all sleep, one until a time"
    ASLEEP = "all sleep until somebody wakes them"
    UNKNOWN = "this machine does not let us look"


class Step(NamedTuple):
    """The books of one step of the loop, from a delivery to the next idleness; seconds.

    Attributes:
        slept: Neither computing nor waiting for a CPU; 0 if the thread never gave up the CPU by itself.
    """

    wall: float
    computed: float
    slept: float


class Kernel(Protocol):
    """What a session asks about its child."""

    guarantees: str

    def close(self) -> None: ...
    def threads(self) -> int: ...
    def thread_ids(self) -> frozenset[int]: ...
    def loop_rests_alone(self) -> bool: ...
    def look(self) -> Rest: ...
    def begin_step(self) -> None: ...
    def excuse(self, stamp: int) -> None: ...
    def end_step(self, stamp: int) -> Step: ...
    def step_computed(self) -> float: ...
    def step_slept(self) -> float: ...
    def loop_sleeping_since(self) -> float: ...
    def loop_is_elsewhere(self) -> bool: ...
    def wakes(self) -> int: ...
    def total_computed(self) -> float: ...
    def memory(self) -> int: ...


class Reading(NamedTuple):
    """One thread at one instant."""

    thread: int
    state: bytes
    ran: bytes
    times: bytes


class SystemCalls(NamedTuple):
    """Numbers of the system calls that may wait until a time, by architecture."""

    futex: int
    epoll: frozenset[int]
    timed: frozenset[int]


SYSTEM_CALLS = {
    "x86_64": SystemCalls(
        202, frozenset({232, 281, 441}), frozenset({230, 35, 7, 271, 23, 270, 128})
    ),
    "aarch64": SystemCalls(98, frozenset({22, 441}), frozenset({115, 101, 73, 72, 137})),
}


class LinuxKernel:
    """Readings of /proc.

    Args:
        pid: Process id, and the native id of the loop's thread.
        careful: Count the thread's own sleeps, too. It costs some 30 us a step, and tells a sleep from a machine that
            stood still; so it is for repeating a check in which the books raised a suspicion.
    """

    guarantees = "linux"

    def __init__(self, pid: int, *, careful: bool = False) -> None:
        self._root = f"/proc/{pid}/task"
        self._loop = pid
        self._calls = SYSTEM_CALLS[platform.machine()]
        names = (f"{pid}/schedstat", f"{pid}/status", f"{pid}/stat", "../stat")
        self._files = [os.open(f"{self._root}/{name}", os.O_RDONLY) for name in names]
        self._threads: dict[int, tuple[int, int]] = {}
        self._asleep_since: tuple[Reading, float] | None = None
        self._ran = self._account()
        self._switches = 0
        self.careful = careful
        self.begin_step()

    def close(self) -> None:
        for file in (*self._files, *itertools.chain(*self._threads.values())):
            os.close(file)

    # ---- at rest?

    def threads(self) -> int:
        """How many threads the child has; 0 when it has ended."""
        try:
            return os.stat(self._root).st_nlink - 2
        except OSError:
            return 0

    def thread_ids(self) -> frozenset[int]:
        """Which threads the child has."""
        try:
            return frozenset(map(int, os.listdir(self._root)))
        except OSError:
            return frozenset()

    def loop_rests_alone(self) -> bool:
        """Whether the loop's thread is the only one. It has said that it goes to sleep, and nobody else can wake it."""
        return self.threads() == 1

    def look(self) -> Rest:
        """Prove, or not, that no thread can move by itself."""
        first = self._readings()
        if any(reading.state != b"S" for reading in first) or self._readings() != first:
            return Rest.RUNNING
        timed = any(
            self._timed(reading.thread) for reading in first if reading.thread != self._loop
        )
        return Rest.TIMED if timed else Rest.ASLEEP

    def _readings(self) -> list[Reading]:
        return [self._reading(int(name)) for name in sorted(os.listdir(self._root))]

    def _reading(self, thread: int) -> Reading:
        try:
            stat, schedstat = self._open(thread)
            state = _state(os.pread(stat, 400, 0))
            ran, _, times = os.pread(schedstat, 200, 0).split()
        except (OSError, ValueError, IndexError):  # the thread has just ended
            for file in self._threads.pop(thread, ()):
                os.close(file)
            return Reading(thread, b"gone", b"", b"")
        return Reading(thread, state, ran, times)

    def _open(self, thread: int) -> tuple[int, int]:
        """The files of one thread, kept open: a child is looked at some thousand times a second."""
        files = self._threads.get(thread)
        if files is None:
            folder = f"{self._root}/{thread}"
            stat = os.open(f"{folder}/stat", os.O_RDONLY)
            files = self._threads[thread] = stat, os.open(f"{folder}/schedstat", os.O_RDONLY)
        return files

    def _timed(self, thread: int) -> bool:
        """Whether a sleeping thread has asked to be woken at a time."""
        try:
            words = _read(f"{self._root}/{thread}/syscall").split()
        except OSError:
            return True
        if words[0] == b"running":
            return True
        number = int(words[0])
        if number == self._calls.futex:
            return int(words[4], 16) != 0
        if number in self._calls.epoll:
            return int(words[4], 16) & 0xFFFFFFFF != 0xFFFFFFFF
        return number in self._calls.timed

    # ---- the books of a step

    def begin_step(self) -> None:
        self._excused = 0
        self._excuses = 0
        self._asleep_since = None
        self._began = time.time_ns()
        if self.careful:
            self._switches = self._voluntary_switches()

    def excuse(self, stamp: int) -> None:
        """The loop's thread waited for the judge's word since `stamp`; that is not its fault."""
        if stamp:
            self._excused += time.time_ns() - stamp
        self._excuses += 1

    def end_step(self, stamp: int) -> Step:
        """Close the books.

        Args:
            stamp: The kernel's own stamp on the frame that said "idle", in ns.
        """
        if self.careful:
            self._until_asleep()
        before, self._ran = self._ran, self._account()
        wall = ((stamp or time.time_ns()) - self._began - self._excused) * NANO
        computed, queued = (
            (after - then) * NANO for after, then in zip(self._ran, before, strict=True)
        )
        slept = max(0.0, wall - computed - queued)
        return Step(wall, computed, slept if self._gave_up_the_cpu() else 0.0)

    def _until_asleep(self) -> None:
        """The accounts are exact once the thread is off its CPU, some microseconds from now; before, a tick late."""
        for _ in range(50):
            if _state(os.pread(self._files[2], 400, 0)) == b"S":
                return

    def _gave_up_the_cpu(self) -> bool:
        """Whether the thread slept of its own accord; one of its sleeps is the one in select() that follows."""
        if not self.careful:
            return True
        return self._voluntary_switches() - self._switches - self._excuses > 1

    def step_computed(self) -> float:
        """Seconds on a CPU of the loop's thread since the step began."""
        return (int(os.pread(self._files[0], 200, 0).split()[0]) - self._ran[0]) * NANO

    def step_slept(self) -> float:
        """Seconds since the step began in which its thread did nothing, and no other thread could keep it from it."""
        ran, queued = self._account()
        wall = time.time_ns() - self._began - self._excused
        others = (
            self.total_computed() - ran * NANO
        )  # of all its life: what counts is that they are few
        return (wall - (ran - self._ran[0]) - (queued - self._ran[1])) * NANO - max(0.0, others)

    def loop_sleeping_since(self) -> float:
        """Seconds for which the loop's thread has been seen in one unbroken sleep; 0 when it moves."""
        reading = self._reading(self._loop)
        if reading.state != b"S":
            self._asleep_since = None
        elif self._asleep_since is None or self._asleep_since[0] != reading:
            self._asleep_since = reading, time.monotonic()
        return time.monotonic() - self._asleep_since[1] if self._asleep_since else 0.0

    def loop_is_elsewhere(self) -> bool:
        """Whether the loop's thread waits in a system call, and in none of a selector's."""
        try:
            number = int(_read(f"{self._root}/{self._loop}/syscall").split()[0])
        except (OSError, ValueError):  # it runs, or we may not look
            return False
        return number >= 0 and number not in self._calls.epoll

    def wakes(self) -> int:
        """How often its threads have gone to sleep by themselves."""
        return sum(map(self._sleeps, self.thread_ids()))

    def _sleeps(self, thread: int) -> int:
        try:
            return _voluntary(_read(f"{self._root}/{thread}/status"))
        except (OSError, ValueError):
            return 0

    def total_computed(self) -> float:
        """Seconds on a CPU of all threads so far, ended ones too."""
        words = os.pread(self._files[3], 400, 0).rpartition(b")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> int:
        """Bytes in memory."""
        return int(_read(f"/proc/{self._loop}/statm").split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def _account(self) -> tuple[int, int]:
        """Nanoseconds on a CPU, and waiting for one."""
        ran, queued, _ = os.pread(self._files[0], 200, 0).split()
        return int(ran), int(queued)

    def _voluntary_switches(self) -> int:
        return _voluntary(os.pread(self._files[1], 4096, 0))


class PortableKernel:
    """No view from outside: the child's own word, and patience. The report says so."""

    guarantees = "portable"

    def __init__(self) -> None:
        self._began = time.monotonic()

    def close(self) -> None: ...

    def threads(self) -> int:
        return 1

    def thread_ids(self) -> frozenset[int]:
        return frozenset()

    def loop_rests_alone(self) -> bool:
        return False

    def look(self) -> Rest:
        return Rest.UNKNOWN

    def begin_step(self) -> None:
        self._began = time.monotonic()

    def excuse(self, stamp: int) -> None: ...

    def end_step(self, stamp: int) -> Step:  # noqa: ARG002 - no stamps here
        return Step(0.0, 0.0, 0.0)

    def step_computed(self) -> float:
        return 0.0

    def step_slept(self) -> float:
        return 0.0

    def loop_sleeping_since(self) -> float:
        """Patience: a step that takes so long is taken for a sleep."""
        waited = time.monotonic() - self._began
        return waited if waited > PATIENCE else 0.0

    def loop_is_elsewhere(self) -> bool:
        return False

    def wakes(self) -> int:
        return 0

    def total_computed(self) -> float:
        return 0.0

    def memory(self) -> int:
        return 0


def kernel_of(pid: int, *, careful: bool = False) -> Kernel:
    """The best view that this machine gives of a process."""
    if sys.platform == "linux" and platform.machine() in SYSTEM_CALLS:
        try:
            return LinuxKernel(pid, careful=careful)
        except (OSError, ValueError):  # no /proc, or a kernel without schedstat
            pass
    return PortableKernel()


def _state(stat: bytes) -> bytes:
    return stat.rpartition(b")")[2].split(None, 1)[0]


def _voluntary(status: bytes) -> int:
    at = status.index(b"\nvoluntary_ctxt_switches:") + 25
    return int(status[at : status.index(b"\n", at)])


def _read(path: str) -> bytes:
    file = os.open(path, os.O_RDONLY)
    try:
        return os.read(file, 4096)
    finally:
        os.close(file)
