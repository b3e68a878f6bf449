"""Waiting for a program that moves by itself, and seeing when that is in vain; nothing here is a matter of seconds.

In vain is: all its threads sleep on although the judge has acted; or they have computed, or woken up, so often that it
had its chance. A busy machine makes a thread wait, which is neither.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from grader.judge.findings import Undecided
from grader.language import later, say

if TYPE_CHECKING:
    from grader.judge.kernel.accounts import Account, Accounts, Sleep

LOOK = 0.005
"""Seconds of real time between two looks at the accounts, however much news there is."""
A_LOOK = 0.02
"""Seconds between two looks, at most, that count: whoever looks may have been kept from it, and the program, too."""
LAST_RESORT = 60.0
"""Seconds of real time after which nobody is blamed: the check is unknown."""
UNMOVED = 0.25
"""Seconds of one unbroken sleep, seen from outside, after which nothing will wake a thread but the judge."""
UNMOVED_UNTIL = 3.0
"""The same where it has asked to be woken at a time: longer than any timer of a check."""
COMPUTED = 1.5
"""Seconds of computing in which every program has come to what is wanted of it."""
WOKEN = 500
"""Times to wake up, of which the same is true."""
PATIENCE = 10.0
"""Seconds of real time where nobody can look from outside."""
SLEEPS = later("its threads sleep, and nothing wakes them")
SLEEPS_ON = later("its threads sleep on until a time, and what has happened does not wake them")
COMPUTES = later("it has computed for {seconds:.1f} s since then")
POLLS = later("it has woken up {count} times since then")
SILENT = later("nothing has come of it in {seconds:.0f} s")


class Waiting:
    """One wait for a program, since the judge's last act."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._began = self._looked = time.monotonic()
        self._before = accounts.account()
        self._asleep: tuple[Sleep, float, float] | None = None
        """How its threads sleep, when that was last seen, and for how long by then."""

    def is_due(self) -> bool:
        """Whether it is time for another look."""
        now = time.monotonic()
        due = now - self._looked > LOOK
        if due:
            self._looked = now
        return due

    def in_vain(self) -> str | None:
        """Why what is waited for will not happen; None as long as it may.

        Raises:
            Undecided: The machine lets nobody tell.
        """
        now = self._accounts.account()
        if time.monotonic() - self._began > LAST_RESORT:
            raise Undecided(say(SILENT, seconds=LAST_RESORT))
        if self._before is None or now is None:
            waited = time.monotonic() - self._began
            return say(SILENT, seconds=PATIENCE) if waited > PATIENCE else None
        return self._slept() or self._had_its_chance(now.since(self._before))

    def _had_its_chance(self, spent: Account) -> str | None:
        if spent.computed > COMPUTED:
            return say(COMPUTES, seconds=spent.computed)
        return say(POLLS, count=spent.wakes) if spent.wakes > WOKEN else None

    def _slept(self) -> str | None:
        timed = self._asleep is not None and self._asleep[0].timed
        if self.is_unmoved(UNMOVED_UNTIL if timed else UNMOVED):
            return say(SLEEPS_ON if timed else SLEEPS)
        return None

    def is_unmoved(self, seconds: float = UNMOVED) -> bool:
        """Whether its threads are seen in one unbroken sleep for so long."""
        sleep, now = self._accounts.sleep(), time.monotonic()
        if sleep is None or self._asleep is None or self._asleep[0] != sleep:
            self._asleep = None if sleep is None else (sleep, now, 0.0)
            return False
        _, before, slept = self._asleep
        slept += min(now - before, A_LOOK)
        self._asleep = sleep, now, slept
        return slept > seconds


def not_ready(sleep: Sleep) -> str:
    """What is wrong with a sleep of a program that has only its sockets to wait for."""
    if not sleep.selects:
        return say("there is nothing to do, and it sleeps elsewhere than in a selector")
    return say("there is nothing to wait for but its sockets, and it sleeps until a time")
