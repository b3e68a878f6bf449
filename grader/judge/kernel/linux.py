"""The view from outside that Linux gives: the child's threads at rest, and the books of each step of its loop."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from grader.judge.kernel.threads import ASLEEP, Reading, Threads, read, state_of
from grader.judge.kernel.values import Step

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.judge.kernel.values import Rest

NANO = 1e-9
A_LOOK = 0.008
"""Seconds of real time between two looks, at most, that count: less than what is held against anybody."""


class LinuxKernel:
    """Readings of /proc.

    Args:
        pid: Process id, and the native id of the loop's thread.
        careful: Count the thread's own sleeps, too. It costs some 30 us a step, and tells a sleep from a machine that
            stood still; so it is for repeating a check in which the books raised a suspicion.
        clock: Seconds of real time.
    """

    guarantees = "linux"

    def __init__(
        self, pid: int, *, careful: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._root = f"/proc/{pid}/task"
        self._loop = pid
        names = (f"{pid}/schedstat", f"{pid}/status", f"{pid}/stat", "../stat")
        self._files = [os.open(f"{self._root}/{name}", os.O_RDONLY) for name in names]
        self._threads = Threads(pid)
        self._clock = clock
        self._nap: tuple[Reading, float, float] | None = None
        """The sleep in which the loop's thread was seen, when it was last seen in it, and for how long by then."""
        self._ran = self._account()
        self._switches = 0
        self.careful = careful
        self.begin_step()

    def close(self) -> None:
        self._threads.close()
        for file in self._files:
            os.close(file)

    # ---- at rest?

    def threads(self) -> int:
        """How many threads the child has; 0 when it has ended."""
        return self._threads.count()

    def thread_ids(self) -> frozenset[int]:
        """Which threads the child has."""
        return self._threads.ids()

    def loop_rests_alone(self) -> bool:
        """Whether the loop's thread is the only one. It has said that it goes to sleep, and nobody else can wake it."""
        return self._threads.count() == 1

    def look(self) -> Rest:
        """Prove, or not, that no thread can move by itself."""
        return self._threads.look()

    def loop_is_elsewhere(self) -> bool:
        """Whether the loop's thread waits in a system call, and in none of a selector's."""
        return self._threads.loop_is_elsewhere()

    # ---- the books of a step

    def begin_step(self) -> None:
        self._excused = 0
        self._excuses = 0
        self._nap = None
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
            if state_of(os.pread(self._files[2], 400, 0)) == ASLEEP:
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
        """Seconds for which the loop's thread has been seen in one unbroken sleep; 0 when it moves.

        A long time between two looks counts as `A_LOOK`: whoever looks may have been kept from it, and the thread from
        going on.
        """
        now, reading = self._clock(), self._threads.reading(self._loop)
        if reading.state != ASLEEP:
            self._nap = None
        elif self._nap is None or self._nap[0] != reading:
            self._nap = reading, now, 0.0
        else:
            _, before, slept = self._nap
            self._nap = reading, now, slept + min(now - before, A_LOOK)
        return self._nap[2] if self._nap else 0.0

    def wakes(self) -> int:
        """How often its threads have gone to sleep by themselves."""
        return sum(map(self._sleeps, self.thread_ids()))

    def _sleeps(self, thread: int) -> int:
        try:
            return voluntary(read(f"{self._root}/{thread}/status"))
        except (OSError, ValueError):
            return 0

    def total_computed(self) -> float:
        """Seconds on a CPU of all threads so far, ended ones too."""
        words = os.pread(self._files[3], 400, 0).rpartition(b")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> int:
        """Bytes in memory."""
        return int(read(f"/proc/{self._loop}/statm").split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def _account(self) -> tuple[int, int]:
        """Nanoseconds on a CPU, and waiting for one."""
        ran, queued, _ = os.pread(self._files[0], 200, 0).split()
        return int(ran), int(queued)

    def _voluntary_switches(self) -> int:
        return voluntary(os.pread(self._files[1], 4096, 0))


def voluntary(status: bytes) -> int:
    """How often a thread has gone to sleep by itself, from the text of its `status`."""
    at = status.index(b"\nvoluntary_ctxt_switches:") + 25
    return int(status[at : status.index(b"\n", at)])
