"""Waiting for a program that moves by itself, until something has happened or cannot happen any more."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from grader.judge.findings import Broken, Undecided
from grader.judge.kernel.accounts import Account, Sleep, accounts_of
from grader.judge.kernel.family import family_of
from grader.judge.settling import check_budgets, gone
from grader.judge.sockets.giving import Giving
from grader.judge.sockets.waiting import Waiting, not_ready
from grader.language import say
from grader.protocol.wire import WireClosed
from grader.results import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.judge.session import Session

LOOK = 0.001
"""Seconds of real time between two looks at a program of which there is no news."""
NAPS = 20
"""Times to wake up of a program that is left alone, after which it is said to wake up by itself."""
RESTLESS = 0.25
"""Seconds of computing in which a program with nothing to do has come to rest."""


class Awaiting(Giving):
    """A program of which the kernel says whether it computes, sleeps, and for what."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        assert session.child
        self._accounts = accounts_of(session.child.pid, session.kernel.guarantees)
        if session.processes:
            self._accounts = family_of(session.child.pid, self._accounts)

    @staticmethod
    def now() -> float:
        """Real seconds, by the clock of `Told.at`."""
        return time.monotonic()

    async def wait_until(self, condition: Callable[[], object], text: str) -> None:
        """Let it run until something has happened.

        Args:
            condition: Looked at after each news.
            text: The finding, if it cannot happen any more.

        Raises:
            Broken: With why it cannot.
        """
        waiting = Waiting(self._accounts)
        while not condition():
            await self._news()
            if self.session.is_attended or not waiting.is_due():
                continue
            if (why := waiting.in_vain()) and not condition():
                raise Broken(Kind.STUCK, f"{text}; {self._returned() or why}", await self.line())

    def _returned(self) -> str | None:
        """What is to be said if there is nobody left who could do it; for whoever has its calls."""

    async def must_compute(self, seconds: float) -> None:
        """It computes for so long from now on, by itself.

        Raises:
            Undecided: This system does not tell.
        """
        before = self.account()
        text = say("there was something to do, and it has not computed")
        await self.wait_until(lambda: self.account().since(before).computed >= seconds, text)

    async def rest(self) -> Sleep | None:
        """Wait until it sleeps, for want of anything to do; None where nobody can look.

        Raises:
            Broken: It goes on computing.
        """
        before = self._accounts.account()
        if before is None:
            return None
        while (sleep := self._accounts.sleep()) is None or self.session.link.pending():
            await self._news()
            computed = self.account().since(before).computed
            if computed > RESTLESS:
                text = say(
                    "there is nothing to do, and it goes on computing: {ms:.0f} ms so far",
                    ms=1000 * computed,
                )
                raise Broken(Kind.BLOCKING, text, await self.line())
        return sleep

    async def must_sleep(self) -> None:
        """It comes to sleep in a selector until something is ready, and has not asked to be woken at any time.

        Raises:
            Broken: It does not, though it was left alone for some naps.
        """
        waiting, before = Waiting(self._accounts), self._accounts.account()
        while sleep := await self.rest():
            if sleep.selects and not sleep.timed:
                return
            naps = self.account().since(before).wakes if before else 0
            if naps > NAPS or waiting.is_unmoved():
                raise Broken(Kind.BEHAVIOUR, not_ready(sleep), await self.line())
            await self._news()

    def account(self) -> Account:
        """What its threads have computed, and how often they woke up, by the kernel's word.

        Raises:
            Undecided: This system does not tell.
        """
        account = self._accounts.account()
        if account is None:
            raise Undecided(say("this system does not count what another process's threads do"))
        return account

    async def _news(self) -> None:
        """Hear what has come; if nothing has, wait for a moment."""
        try:
            if self.session.hear_all() or await self.session.link.news(LOOK):
                return
        except WireClosed:
            raise await gone(self.session) from None
        if not self.session.is_attended:
            await check_budgets(self.session)
