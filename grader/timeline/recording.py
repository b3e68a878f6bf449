"""What is kept of a check for its timeline: more than explains a finding, and bounded all the same."""

from __future__ import annotations

import msgspec

from grader.results import Event  # noqa: TC001 - msgspec reads the annotations


class Operation(msgspec.Struct, frozen=True):
    """One call of the submission by the judge.

    Attributes:
        place: How many of the events told had happened when it began.
        users: Whose checkouts it does, as far as they are told.
        customers: How many checkouts it does in all.
    """

    number: int
    what: str
    place: int
    users: tuple[int, ...] = ()
    customers: int = 0


class Step(msgspec.Struct, frozen=True):
    """One run of the loop between two idlenesses; the shop's clock stands still meanwhile.

    Attributes:
        at: Virtual seconds since the check's first event.
        place: How many of the events told had happened when it began.
        seconds: Real seconds that it took: computed, or slept outside the selector.
        open: It had not come to its end when the check had.
    """

    at: float
    place: int
    seconds: float
    open: bool = False


class Stall(msgspec.Struct, frozen=True):
    """A line that held the loop, as the detector saw it.

    Attributes:
        cause: "waits" or "computes".
        call: What was called; "" if something was computed there.
        seconds: For how long, at most, in one step.
        times: In how many steps.
    """

    line: int
    cause: str
    call: str
    seconds: float
    times: int = 1


class Left(msgspec.Struct, frozen=True):
    """What happened and is not told."""

    events: int = 0
    checkouts: int = 0
    steps: int = 0


class Recording(msgspec.Struct, frozen=True):
    """The history of one check.

    Attributes:
        events: In the order of happening; times in virtual seconds since the first event of the check.
        threads: Number of a call to the number of the worker thread that made it, from 1.
        file: The learner's file, as findings name it.
    """

    events: tuple[Event, ...] = ()
    operations: tuple[Operation, ...] = ()
    steps: tuple[Step, ...] = ()
    stalls: tuple[Stall, ...] = ()
    threads: dict[int, int] = {}
    file: str = ""
    left: Left = Left()
