"""Waiting until nothing more can happen in the child unless the judge acts, or until that will never be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.judge.findings import Broken
from grader.judge.settling.in_vain import InVain, gone
from grader.judge.settling.settled import Settled
from grader.judge.settling.where import where
from grader.protocol.wire import WireClosed
from grader.results import Kind

if TYPE_CHECKING:
    from grader.judge.session.observing import Observing

LOOK_AFTER = 0.005
"""Seconds of real time between two looks at a child that has not answered."""
LOOK_AGAIN = 0.001
"""The same at a loop that is idle, while other threads of its process still move."""


async def settle(session: Observing, *, patient: bool = False) -> None:
    """Return when the child is settled.

    Raises:
        Broken: The child ended, blocks, or computes beyond its budget.
        Undecided: The last deadline passed.
    """
    settled, in_vain = Settled(session, patient=patient), None
    while True:
        try:
            heard = session.hear_all()
        except WireClosed:
            raise await gone(session) from None
        if heard:
            continue
        if settled.over_soon():
            return
        if session.spins and session.idle is None:
            line = session.spins.line or await where(session)
            raise Broken(Kind.BLOCKING, session.spins.message, line)
        news = await session.link.news(LOOK_AFTER if session.idle is None else LOOK_AGAIN)
        if not news and not session.is_attended:
            in_vain = in_vain or InVain(session)
            await in_vain.check()
