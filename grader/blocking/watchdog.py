"""A thread that looks, during a long step, what the loop's thread is doing.

It sleeps in the kernel until a step is a few milliseconds old, so that a program of short steps
never feels it. When it runs it holds the GIL, and so a loop's thread that wants the GIL is seen
waiting for it.
"""

import _thread
import contextlib
import signal
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from .clocks import ThreadClocks
from .instant import wall_clock
from .ledger import Where
from .timers import WakeTimer

EVERY = 5_000_000
_start_thread = _thread.start_new_thread
_new_lock = _thread.allocate_lock
_mask_signals = signal.pthread_sigmask  # before anybody stands at its door


@dataclass(slots=True)
class Sightings:
    """What was seen of one step.

    Attributes:
        step: The instant at which the step began.
        where: How often the loop's thread was seen where.
        expired: How often the timer has gone off in it.
        kept_out: The longest that the watchdog itself was kept waiting for the GIL, in nanoseconds.
    """

    step: int
    where: Counter[Where] = field(default_factory=Counter[Where])
    expired: int = 0
    kept_out: int = 0


class Watchdog:
    """Watches one loop's thread from another thread.

    Args:
        step: Tells when the step in progress began; 0 between steps.
        look: Tells where the loop's thread is; it is asked with whether we come in time. Who comes late has waited for
            the GIL, and sees a thread that has just come out of C, at the line after it.
    """

    def __init__(self, step: Callable[[], int], look: Callable[[bool], Where]) -> None:
        self.native_id = 0
        self._step, self._look = step, look
        self._timer = WakeTimer(EVERY, EVERY)
        self._seen = Sightings(0)
        self._stopped = False
        self._alive = _new_lock()
        self.arm = self._timer.arm
        self.disarm = self._timer.disarm

    def start(self) -> None:
        """Start the thread; a program that counts `threading`'s does not see it."""
        ready = _new_lock()
        ready.acquire()
        self._alive.acquire()
        _start_thread(self._run, (ready.release,))
        ready.acquire()

    def stop(self) -> None:
        """End the thread, and see it end."""
        self._stopped = True
        self._timer.wake()
        if self._alive.acquire(timeout=1):
            self._timer.close()

    def seen(self, step: int) -> Sightings:
        """What was seen of the step that began at `step`."""
        return self._seen if self._seen.step == step else Sightings(step)

    def _run(self, ready: Callable[[], None]) -> None:
        clocks: ThreadClocks | None = None
        with contextlib.suppress(
            OSError
        ):  # behind a wall it would see nothing: better none than a loud one
            clocks = ThreadClocks()
        self.native_id = threading.get_native_id()
        _mask_signals(
            signal.SIG_BLOCK, signal.valid_signals()
        )  # those of the process are for the program's threads
        ready()
        while clocks and self._wait_long_step(clocks):
            pass
        if clocks:
            clocks.close()
        self._alive.release()

    def _wait_long_step(self, clocks: ThreadClocks) -> bool:
        before = clocks.read(0)
        expired = self._timer.wait_expired()
        if self._stopped:
            return False
        after = clocks.read(0)
        late = (expired - 1) * EVERY - (after.queued - before.queued)
        self._note(expired, late)
        return True

    def _note(self, expired: int, late: int) -> None:
        step, now = self._step(), wall_clock()
        if not step or now - step < EVERY // 2:
            return
        seen = self.seen(step)
        seen.expired += expired
        timely = expired == 1 and now - step - seen.expired * EVERY < EVERY
        where = self._look(timely)
        if self._step() == step:
            self._seen = seen
            seen.where[where] += 1
            seen.kept_out = max(seen.kept_out, late)
