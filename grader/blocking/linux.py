"""The instruments of Linux: the scheduler's clocks, system calls, stacks from a signal."""

import threading
from collections.abc import Callable

from .clocks import ThreadClocks
from .company import Company
from .findings import Guarantees
from .frames import frame_in_thread
from .instant import wall_clock
from .judgement import Evidence
from .ledger import Reading, Spent, Where, balance
from .sampler import LineSampler
from .stacks import inside_step
from .watchdog import Sightings, Watchdog
from .whereabouts import Whereabouts, find_runtime

_RUNTIME = find_runtime()
# The timers are set once for all steps of a millisecond, and none may be sampled too early.
_LATE = 1_000_000


class LinuxInstruments:
    """Watches the thread that makes this object.

    Args:
        threshold: Nanoseconds.
        step: Tells when the step in progress began, 0 between steps.
        stacks_file: Descriptor for the stacks; None makes one.

    Raises:
        OSError: This kernel, or a wall round the process, denies one of the instruments.
    """

    guarantees = Guarantees.FULL

    def __init__(
        self, threshold: int, step: Callable[[], int], stacks_file: int | None = None
    ) -> None:
        self._step = step
        self._thread = threading.get_ident()
        self._clocks = ThreadClocks()
        self._whereabouts = Whereabouts(_RUNTIME)
        self._company = Company()
        self._sampler = LineSampler(threshold + _LATE, stacks_file)
        self._watchdog: Watchdog | None = None
        self._before = Reading(0, 0, 0, 0)
        self.reserved_signal = self._sampler.signal

    @property
    def watchdog_id(self) -> int | None:
        """Native id of the watchdog's thread; None while the loop's thread is alone."""
        return self._watchdog.native_id if self._watchdog else None

    def begin(self) -> int:
        """A step begins: set the timers, read the clocks; the instant at which they were read."""
        if self._watchdog:
            self._company.refresh(wall_clock())  # first: it gives the GIL away for a moment
            self._watchdog.arm()
        self._sampler.arm()
        now = wall_clock()
        self._before = self._clocks.read(now)
        return now

    def rest(self) -> None:
        """The loop goes to sleep: let it."""
        self._sampler.disarm()
        if self._watchdog:
            self._watchdog.disarm()

    def evidence(self, step: int) -> Evidence:
        """All that is known about the step that began at `step` and ends now."""
        after = self._clocks.read(wall_clock())
        self.rest()
        stacks, overhead = self._sampler.take()
        seen = self._watchdog.seen(step) if self._watchdog else Sightings(step)
        return Evidence(
            account=balance(self._before, after, overhead=overhead),
            where=seen.where,
            others=self.others(),
            stacks=[inside for stack in stacks if (inside := inside_step(stack))],
            kept_out=seen.kept_out,
        )

    def others(self) -> tuple[Spent, ...]:
        """What the other threads have used up of late."""
        return self._company.spent() if self._watchdog else ()

    def queued_since_begin(self) -> int:
        """Nanoseconds in the run queue since the clocks were last read."""
        return self._clocks.read(0).queued - self._before.queued

    def thread_starts(self) -> None:
        """Another thread is about to run: from now on the GIL may be waited for."""
        if self._watchdog is None:
            self._watchdog = Watchdog(self._step, self._look)
            self._watchdog.start()
            self._company.leave_out(self._watchdog.native_id)
            if self._step():
                self._company.refresh(wall_clock())
                self._watchdog.arm()

    def _look(self, timely: bool) -> Where:  # noqa: FBT001 - called by the watchdog
        where = self._whereabouts.look()
        if timely or where in (Where.LOCK, Where.CALL):
            # Whoever holds the GIL sees whole frames.
            self._sampler.note(frame_in_thread(self._thread))
        return where

    def close(self) -> None:
        """Take all instruments down."""
        if self._watchdog:
            self._watchdog.stop()  # first: it writes to the sampler
        self._sampler.close()
        for files in (self._clocks, self._whereabouts, self._company):
            files.close()
