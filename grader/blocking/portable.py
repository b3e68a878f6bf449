"""The instruments of any platform: the thread's CPU time, and a thread that ticks.

Without a kernel that tells what a thread sleeps in, the watchdog's own lateness stands in for it:
if the machine is busy or another thread keeps the GIL, the watchdog comes late as well, and by so
much the step is excused. This knows less than the scheduler's books. A wait on a busy machine may
be missed; a machine that treats the two threads differently may cause a false alarm; and the line
of one long C call that holds the GIL is the line after it.
"""

import _thread
import threading
import time
from collections.abc import Callable

from .findings import Guarantees
from .frames import frame_in_thread
from .instant import wall_clock
from .judgement import Evidence
from .ledger import Reading, Spent, balance
from .stacks import Stack, inside_step, stack_of

_EVERY = 0.005
_AT_MOST = 200
_cpu_clock = time.thread_time_ns
_sleep = time.sleep
_start_thread = _thread.start_new_thread


class PortableInstruments:
    """Watches the thread that makes this object.

    Args:
        threshold: Nanoseconds.
        step: Tells when the step in progress began; 0 between steps.
    """

    guarantees = Guarantees.PORTABLE
    reserved_signal = None

    def __init__(self, threshold: int, step: Callable[[], int]) -> None:
        self._threshold, self._step = threshold, step
        self._thread = threading.get_ident()
        self._late = 0
        self._samples: list[tuple[int, Stack]] = []
        self._before = Reading(0, 0, 0, 0)
        self._stopped = False
        self.watchdog_id: int | None = None
        _start_thread(self._tick, ())

    def begin(self) -> int:
        """A step begins: read the clocks; the instant at which they were read."""
        now = wall_clock()
        self._before = self._read(now)
        return now

    def rest(self) -> None:
        """The loop goes to sleep; the watchdog ticks on, and sees nothing."""

    def evidence(self, step: int) -> Evidence:
        """All that is known about the step that began at `step` and ends now."""
        after = self._read(wall_clock())
        stacks = [inside_step(stack) for began, stack in self._samples if began == step]
        self._samples.clear()
        return Evidence(balance(self._before, after), stacks=[stack for stack in stacks if stack])

    def others(self) -> tuple[Spent, ...]:
        """Nothing tells."""
        return ()

    def queued_since_begin(self) -> int:
        """The watchdog's lateness, in nanoseconds, since the clocks were last read."""
        return self._late - self._before.queued

    def thread_starts(self) -> None:
        """Another thread is about to run; the watchdog does already."""

    def close(self) -> None:
        """End the watchdog at its next tick."""
        self._stopped = True

    def _read(self, wall: int) -> Reading:
        # Nothing tells whether the thread slept of itself, so take it that it did.
        return Reading(wall=wall, cpu=_cpu_clock(), queued=self._late, switches=wall)

    def _tick(self) -> None:
        self.watchdog_id = threading.get_native_id()
        before = wall_clock()
        while not self._stopped:
            _sleep(_EVERY)
            now = wall_clock()
            self._late += max(0, now - before - round(_EVERY * 1.1e9))
            before = now
            self._sample(now)

    def _sample(self, now: int) -> None:
        step = self._step()
        # The stack of a step that is not slow yet may already lie at the wrong line when it is.
        if step and now - step >= self._threshold // 2 and len(self._samples) < _AT_MOST:
            self._samples.append((step, stack_of(frame_in_thread(self._thread))))
