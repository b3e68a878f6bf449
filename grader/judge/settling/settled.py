"""Is the child settled: can nothing more happen in it unless the judge acts?

Settled needs all of: the loop's last word is that it is idle; no other thread can move; nothing is under way on the
wire, looked at last. Idleness alone speaks too early when there are threads; a pause of any length sometimes does.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from grader.judge.kernel import Rest

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.judge.session.observing import Observing

QUIET = 0.25
"""Seconds for which threads that sleep until a time are watched asleep before they count as settled."""
PATIENT = 1.0
"""The same for threads that should end by themselves."""
OFTEN = 30.0
"""Times a second that each of them may wake, to look at something: who asks his queue every 50 ms does not poll."""
A_BLINK = 0.02
"""Seconds of computing for which threads that look at something, and sleep on, still count as asleep."""
LOOKS = 6
"""Looks in a row at a loop that is idle, before waiting."""


class Settled:
    """What was seen so far in one wait.

    Args:
        clock: Seconds of real time.
    """

    def __init__(
        self, session: Observing, *, patient: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._session = session
        self._clock = clock
        self._quiet = PATIENT if patient else QUIET
        self._patient = patient
        self._quiet_since: float | None = None
        self._woken, self._computed = 0, 0.0

    def over(self) -> bool:
        """Whether the child is settled."""
        session = self._session
        if session.closed and (not self._patient or session.threads_left() == 0):
            return True
        if not session.closed and session.idle is None:
            self._quiet_since = None
            return False
        if session.alone or session.runs_free or session.kernel.loop_rests_alone():
            return not session.link.pending()
        rest = session.kernel.look()
        if rest is Rest.UNKNOWN and session.idle and session.idle.alone:
            return not session.link.pending()
        if session.link.pending() or self._loop_is_elsewhere() or self._works(rest):
            self._quiet_since = None
            return False
        return rest is Rest.ASLEEP or (rest is not Rest.RUNNING and self._long_enough())

    def _works(self, rest: Rest) -> bool:
        """Whether a thread does more than look at something, and sleep on: that would break no quiet."""
        if rest is not Rest.RUNNING or self._quiet_since is None:
            return False
        return self._session.kernel.total_computed() - self._computed > A_BLINK

    def _loop_is_elsewhere(self) -> bool:
        """Whether a loop that is said to be idle sleeps, and not in its selector."""
        return not self._session.closed and self._session.kernel.loop_is_elsewhere()

    def over_soon(self) -> bool:
        """The same, looking some more times where a thread only has to fall asleep: that takes microseconds."""
        looks = LOOKS if self._session.idle is not None else 1
        return any(self.over() for _ in range(looks))

    def _long_enough(self) -> bool:
        """Whether threads were seen asleep at every look for a while; unless they only were quicker than the looks."""
        now = self._clock()
        if self._quiet_since is None:
            self._quiet_since = now
            self._woken, self._computed = account(self._session)
        if (asleep := now - self._quiet_since) <= self._quiet:
            return False
        woken = self._session.kernel.wakes() - self._woken
        polls = too_often(self._session, woken, asleep)
        if polls:
            self._quiet_since = None
        return not polls


def account(session: Observing) -> tuple[int, float]:
    """How often threads have gone to sleep, and what they have computed."""
    return session.kernel.wakes(), session.kernel.total_computed()


def too_often(session: Observing, woken: int, seconds: float) -> bool:
    """Whether threads wake too often for anything but polling."""
    return woken > OFTEN * seconds * session.kernel.threads()
