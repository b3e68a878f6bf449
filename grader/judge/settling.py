"""Waiting until nothing more can happen in the child unless the judge acts, and seeing when that will never be.

Settled needs all of: the loop's last word is that it is idle; no other thread can move; nothing is under way on the
wire, looked at last. Idleness alone speaks too early when there are threads; a pause of any length sometimes does.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

from grader.judge.books import SLEPT, is_endless
from grader.judge.budgets import CPU, overspent
from grader.judge.findings import Broken, Undecided, finding
from grader.judge.kernel import Rest
from grader.judge.where import where
from grader.language import later, say
from grader.protocol.wire import WireClosed
from grader.results import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.judge.talk import Talk

LAST_RESORT = 60.0
"""Seconds of real time after which nobody is blamed: the check is unknown."""
QUIET = 0.25
"""Seconds for which threads that sleep until a time are watched asleep before they count as settled."""
PATIENT = 1.0
"""The same for threads that should end by themselves."""
IMPORT = 10.0
"""Seconds for which an import may sleep."""
ENOUGH = 0.15
"""Seconds for which a loop that sleeps where it should not is waited for, so that its detector can say more."""
NAPS = 1.0
"""Seconds of short sleeps in one step after which it is not waited for."""
RESTLESS = 2.0
"""Seconds of real time after which threads beside an idle loop are looked at: do they work, or only poll?"""
OFTEN = 30.0
"""Times a second that each of them may wake, for less than `A_LOOK`: who asks his queue every 50 ms does not poll."""
A_BLINK = 0.02
"""Seconds of computing for which threads that look at something, and sleep on, still count as asleep."""
A_LOOK = 0.001
"""Seconds of computing."""
LOOK_AFTER = 0.005
"""Seconds of real time between two looks at a child that has not answered."""
LOOKS = 6
"""Looks in a row at a loop that is idle, before waiting."""
LOOK_AGAIN = 0.001
"""The same at a loop that is idle, while other threads of its process still move."""
THE_CHECK = later("the check {spent}")
THE_IMPORT = later("importing pipeline.py {spent}")
LIMITED_CHECK = later("the process was ended by its CPU limit in the middle of the check")
LIMITED_IMPORT = later("the process was ended by its CPU limit while pipeline.py was imported")
ENDED_CHECK = later("the submission ended its own process in the middle of the check")
ENDED_IMPORT = later("the submission ended its own process while pipeline.py was imported")


class Settling:
    """One wait: how long it lasts, and what was seen so far.

    Args:
        clock: Seconds of real time.
    """

    def __init__(
        self, session: Talk, *, patient: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._session = session
        self._clock = clock
        self._began = clock()
        self._quiet = PATIENT if patient else QUIET
        self._patient = patient
        self._quiet_since: float | None = None
        self._woken, self._computed = 0, 0.0
        self._look_at = self._began
        self._at_first = 0, 0.0

    def _account(self) -> tuple[int, float]:
        """How often threads have gone to sleep, and what they have computed."""
        return self._session.kernel.wakes(), self._session.kernel.total_computed()

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
            self._woken, self._computed = self._account()
        if (asleep := now - self._quiet_since) <= self._quiet:
            return False
        polls = self._polls(self._session.kernel.wakes() - self._woken, asleep)
        if polls:
            self._quiet_since = None
        return not polls

    def _polls(self, woken: int, seconds: float) -> bool:
        """Whether threads wake too often for anything but polling."""
        return woken > OFTEN * seconds * self._session.kernel.threads()

    async def check(self) -> None:
        """Raise where waiting is in vain."""
        session = self._session
        if self._clock() - self._began > LAST_RESORT:
            silent = say(
                "the submission's process gave no word for {seconds:.0f} s", seconds=LAST_RESORT
            )
            raise Undecided(silent)
        await check_budgets(session)
        if session.runs_free:  # the loop runs nothing of the submission's; it may wait for the GIL
            return
        if session.idle is None and not session.closed:
            await (self._check_step() if session.loaded else self._check_import())
        elif not session.closed:
            await self._check_idle()

    async def _check_idle(self) -> None:
        """A loop that is idle sleeps in its selector, and the threads beside it come to rest some time."""
        session = self._session
        if session.kernel.loop_sleeping_since() > ENOUGH and session.kernel.loop_is_elsewhere():
            text = say(
                "the loop stood still: it was said to be idle, and its thread slept outside the selector"
            )
            raise Broken(Kind.BLOCKING, text, await where(session))
        if self._clock() > self._look_at:
            self._look_for_polling()

    def _look_for_polling(self) -> None:
        """Compare with the last look; there is none before the first."""
        (woken, computed), then = self._account(), self._at_first
        looked, self._at_first = self._look_at > self._began, (woken, computed)
        self._look_at = self._clock() + RESTLESS
        woken, computed = woken - then[0], computed - then[1]
        if looked and self._polls(woken, RESTLESS) and computed < woken * A_LOOK:
            text = say(
                "its threads poll, and never come to rest: they woke {woken} times in {seconds:.0f} s",
                woken=woken,
                seconds=RESTLESS,
            )
            raise Broken(Kind.LIMIT, text, self._session.history.last_line())

    async def _check_step(self) -> None:
        session = self._session
        computed = session.kernel.step_computed()
        if is_endless(computed, session.calls_in_step):
            text = say(
                "the loop stood still: after {ms:.0f} ms of computing, its thread had not come back",
                ms=computed * 1000,
            )
            raise Broken(Kind.BLOCKING, text, await where(session))
        if computed > SLEPT and session.where is None:
            session.where = await where(session)
        if session.kernel.step_slept() > NAPS:
            text = say(
                "the loop stood still: in one step its thread slept for {seconds:.0f} s, nap by nap",
                seconds=NAPS,
            )
            raise Broken(Kind.BLOCKING, text, await where(session))
        if session.stood_still and session.kernel.step_slept() > ENOUGH:
            # its sleep is broken by the signals of whoever looks where it stands
            raise Broken.of(session.stood_still)
        asleep = session.kernel.loop_sleeping_since()
        if (
            asleep > SLEPT
            and session.kernel.look() is not Rest.RUNNING
            and session.kernel.loop_sleeping_since()
        ):
            if session.hear_all():
                return  # it waited for a word of ours
            text = say("the loop stood still: its thread slept, and not in the selector")
            if session.stood_still is None:
                session.stood_still = finding(Kind.BLOCKING, text, await where(session))
                session.doubt = True
            if asleep > ENOUGH:  # else the step may end, and the detector say more
                raise Broken.of(session.stood_still)

    async def _check_import(self) -> None:
        if self._session.kernel.loop_sleeping_since() > IMPORT:
            text = say(
                "importing pipeline.py had not ended after {seconds:.0f} s of waiting",
                seconds=IMPORT,
            )
            raise Broken(Kind.LIMIT, text, await where(self._session))


async def settle(session: Talk, *, patient: bool = False) -> None:
    """Return when the child is settled.

    Raises:
        Broken: The child ended, blocks, or computes beyond its budget.
        Undecided: The last deadline passed.
    """
    settling = Settling(session, patient=patient)
    while True:
        try:
            heard = session.hear_all()
        except WireClosed:
            raise await gone(session) from None
        if heard:
            continue
        if settling.over_soon():
            return
        if session.spins and session.idle is None:
            line = session.spins.line or await where(session)
            raise Broken(Kind.BLOCKING, session.spins.message, line)
        news = await session.link.news(LOOK_AFTER if session.idle is None else LOOK_AGAIN)
        if not news and not _is_attended(session):
            await settling.check()


def _is_attended(session: Talk) -> bool:
    """Whether somebody holds the child with a debugger, so that no waiting is in vain."""
    return session.child is not None and session.child.attended


async def check_budgets(session: Talk) -> None:
    """Raise where the child has used more than a check may."""
    assert session.child
    calls = len(session.requests)
    try:
        found = overspent(session.child, session.kernel, calls)
        if session.family:
            found = found or session.family.overspent(session.kernel)
    except OSError:  # it has ended, and the wire will say so
        return
    if found:
        line = await where(session)
        with suppress(WireClosed):
            session.hear_all()  # the import may just have failed of it
        failed = session.loaded and session.loaded.problem
        over = THE_CHECK if session.loaded and not failed else THE_IMPORT
        text = say(over, spent=found)
        raise Broken(Kind.LIMIT, text, line or (failed.line if failed else None))


async def gone(session: Talk) -> Broken:
    """Why a child ended that should not have."""
    importing = session.loaded is None
    line = session.history.last_line()
    if session.kernel.total_computed() > CPU:
        text = say(LIMITED_IMPORT if importing else LIMITED_CHECK)
        return Broken(Kind.LIMIT, text, line)
    return Broken(Kind.CRASH, say(ENDED_IMPORT if importing else ENDED_CHECK), line)
