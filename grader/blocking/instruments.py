"""The instruments a platform has, behind one face."""

import contextlib
import sys
from collections.abc import Callable, Sequence
from typing import Protocol

from .findings import Guarantees
from .judgement import Evidence
from .ledger import Spent
from .portable import PortableInstruments

if (
    sys.platform == "linux"
):  # here and not where it is used: a fork of a warm process starts at once
    from .linux import LinuxInstruments


class Instruments(Protocol):
    """What the detector needs to know of a thread."""

    @property
    def guarantees(self) -> Guarantees:
        """What a report rests on."""
        ...

    @property
    def reserved_signal(self) -> int | None:
        """The signal that must stay unblocked; None if none is used."""
        ...

    @property
    def watchdog_id(self) -> int | None:
        """Native id of the instruments' own thread; None if there is none."""
        ...

    def begin(self) -> int:
        """A step begins; the instant at which it does."""
        ...

    def rest(self) -> None:
        """The loop goes to sleep."""
        ...

    def evidence(self, step: int) -> Evidence:
        """All that is known about the step that began at `step` and ends now."""
        ...

    def others(self) -> Sequence[Spent]:
        """What the other threads have used up of late."""
        ...

    def queued_since_begin(self) -> int:
        """Nanoseconds for which the thread was kept off the CPU since the last step began."""
        ...

    def thread_starts(self) -> None:
        """Another thread is about to run."""
        ...

    def close(self) -> None:
        """Take all instruments down."""
        ...


def make_instruments(
    threshold: int, step: Callable[[], int], *, portable: bool, stacks_file: int | None
) -> Instruments:
    """The best instruments that this platform, and the walls round this process, allow.

    Args:
        threshold: Nanoseconds.
        step: Tells when the step in progress began; 0 between steps.
        portable: Whether to do without what only Linux offers.
        stacks_file: Descriptor for the stacks of slow steps, or None.
    """
    if sys.platform == "linux" and not portable:
        # Behind a wall that denies one of them the portable ones are left, and the report says so.
        with contextlib.suppress(OSError, AttributeError, ValueError):
            return LinuxInstruments(threshold, step, stacks_file)
    return PortableInstruments(threshold, step)
