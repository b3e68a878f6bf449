"""Where the time of one step went: pure arithmetic on readings of a thread's clocks.

A *step* is one run of a handle by the event loop. Its wall time is split without remainder:

    wall = on the CPU + in the run queue + rest

The first is the program's own computing. The second is the machine's doing: the thread wanted to
run and another process had the CPU. The rest is time asleep, if the thread gave the CPU up by
itself; if it never did, the rest was taken by the host. Time asleep is then divided by what the
thread was seen to sleep in: the futex of the GIL (another thread's doing) or anything else (a wait
of its own).

Source: Linux `Documentation/scheduler/sched-stats.rst` (schedstat), `getrusage(2)` (voluntary
switches).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

_CROWDED = 10


class Where(Enum):
    """What a thread was doing when it was looked at."""

    RUNNING = "running"
    GIL = "gil"
    LOCK = "lock"
    CALL = "call"


@dataclass(frozen=True, slots=True)
class Reading:
    """The clocks of one thread at one instant.

    Attributes:
        wall: Nanoseconds of a monotonic clock.
        cpu: Nanoseconds the thread has spent on a CPU.
        queued: Nanoseconds it has waited for one.
        switches: How often it gave the CPU up by itself.
    """

    wall: int
    cpu: int
    queued: int
    switches: int


@dataclass(frozen=True, slots=True)
class Account:
    """The wall time between two readings, split; the four parts add up to `wall`.

    Attributes:
        wall: Nanoseconds, >= 0.
        computed: On the CPU.
        queued: Runnable, and waiting for a CPU.
        slept: Off the CPU by its own doing.
        stolen: Off the CPU by nobody's doing that we can see: the host's.
    """

    wall: int
    computed: int
    queued: int
    slept: int
    stolen: int


@dataclass(frozen=True, slots=True)
class Spent:
    """What another thread of the process used up during a step, in nanoseconds."""

    name: str
    cpu: int
    queued: int


@dataclass(frozen=True, slots=True)
class Sleep:
    """Time asleep, divided by what was slept in; the three parts add up to it.

    Attributes:
        gil: Waiting for another thread to let go of the interpreter.
        excusable: Waiting for a thread of the process that itself waited for a CPU.
        own: Waiting for anything else.
    """

    gil: int
    excusable: int
    own: int


def balance(before: Reading, after: Reading, *, overhead: int = 0) -> Account:
    """Split the wall time between two readings.

    The clocks are not read at the same instant, so each part is bounded by what the parts before it
    left.

    Args:
        before: The earlier reading.
        after: The later one.
        overhead: Nanoseconds of CPU that the observer itself used in between, >= 0.
    """
    wall = max(0, after.wall - before.wall)
    used = _within(after.cpu - before.cpu, wall)
    queued = _within(after.queued - before.queued, wall - used)
    rest = wall - used - queued
    overhead = _within(overhead, used)
    slept = rest if after.switches != before.switches else 0
    return Account(
        wall=wall,
        computed=used - overhead,
        queued=queued,
        slept=slept,
        stolen=rest - slept + overhead,
    )


def divide(slept: int, sightings: Counter[Where], others: Iterable[Spent]) -> Sleep:
    """Divide the time asleep of a step.

    Without a single sighting the observer could not run either, so the others held the interpreter
    for as long as they were running or about to run.

    Args:
        slept: Nanoseconds, >= 0.
        sightings: How often the sleeping thread was seen where.
        others: The other threads of the process during the step.
    """
    others = tuple(others)
    could_hold = sum(spent.cpu + spent.queued for spent in others)
    seen = sum(sightings[where] for where in (Where.GIL, Where.LOCK, Where.CALL))
    if not seen:
        gil = min(slept, could_hold)
        return Sleep(gil=gil, excusable=0, own=slept - gil)
    gil = slept * sightings[Where.GIL] // seen
    if gil > could_hold * _CROWDED:
        gil = 0
    locked = slept * sightings[Where.LOCK] // seen
    excusable = min(locked, max((spent.queued for spent in others), default=0))
    return Sleep(gil=gil, excusable=excusable, own=slept - gil - excusable)


def _within(value: int, limit: int) -> int:
    return max(0, min(value, limit))
