"""Is it in vain to wait for the child: does it block, compute or poll without end, or has it ended?"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

from grader.judge.books import SLEPT, is_endless
from grader.judge.budgets import CPU, overspent
from grader.judge.findings import Broken, Undecided, finding
from grader.judge.kernel import Rest
from grader.judge.settling.settled import account, too_often
from grader.judge.settling.where import where
from grader.language import later, say
from grader.protocol.wire import WireClosed
from grader.results import Kind

if TYPE_CHECKING:
    from grader.judge.session.observing import Observing

LAST_RESORT = 60.0
"""Seconds of real time after which nobody is blamed: the check is unknown."""
IMPORT = 10.0
"""Seconds for which an import may sleep."""
ENOUGH = 0.15
"""Seconds for which a loop that sleeps where it should not is waited for, so that its detector can say more."""
NAPS = 1.0
"""Seconds of short sleeps in one step after which it is not waited for."""
RESTLESS = 2.0
"""Seconds of real time after which threads beside an idle loop are looked at: do they work, or only poll?"""
A_LOOK = 0.001
"""Seconds of computing."""
THE_CHECK = later("the check {spent}")
THE_IMPORT = later("importing pipeline.py {spent}")
LIMITED_CHECK = later("the process was ended by its CPU limit in the middle of the check")
LIMITED_IMPORT = later("the process was ended by its CPU limit while pipeline.py was imported")
ENDED_CHECK = later("the submission ended its own process in the middle of the check")
ENDED_IMPORT = later("the submission ended its own process while pipeline.py was imported")


class InVain:
    """What was seen so far in one wait for a child that gives no word."""

    def __init__(self, session: Observing) -> None:
        self._session = session
        self._began = self._look_at = time.monotonic()
        self._at_first = 0, 0.0

    async def check(self) -> None:
        """Raise where waiting is in vain."""
        session = self._session
        if time.monotonic() - self._began > LAST_RESORT:
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
        if time.monotonic() > self._look_at:
            self._look_for_polling()

    def _look_for_polling(self) -> None:
        """Compare with the last look; there is none before the first."""
        session = self._session
        (woken, computed), then = account(session), self._at_first
        looked, self._at_first = self._look_at > self._began, (woken, computed)
        self._look_at = time.monotonic() + RESTLESS
        woken, computed = woken - then[0], computed - then[1]
        if looked and too_often(session, woken, RESTLESS) and computed < woken * A_LOOK:
            text = say(
                "its threads poll, and never come to rest: they woke {woken} times in {seconds:.0f} s",
                woken=woken,
                seconds=RESTLESS,
            )
            raise Broken(Kind.LIMIT, text, session.history.last_line())

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


async def check_budgets(session: Observing) -> None:
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


async def gone(session: Observing) -> Broken:
    """Why a child ended that should not have."""
    importing = session.loaded is None
    line = session.history.last_line()
    if session.kernel.total_computed() > CPU:
        text = say(LIMITED_IMPORT if importing else LIMITED_CHECK)
        return Broken(Kind.LIMIT, text, line)
    return Broken(Kind.CRASH, say(ENDED_IMPORT if importing else ENDED_CHECK), line)
