"""Handing orders to the child: each goes to a settled child, and what comes of it is settled again.

Between two settles everything in the child is concurrent; across them it is ordered. An order is given only to a
settled child, so what the judge has seen is all that could be seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.judge.detected import blocking_findings, blocking_suspicions
from grader.judge.findings import Broken
from grader.judge.session.observing import Observing
from grader.judge.settling import settle
from grader.language import say
from grader.protocol.messages import AskBlocked, AskTasks, Deliver, Item, Ping, TaskState
from grader.results import Finding, Kind

if TYPE_CHECKING:
    from grader.world import World


class Delivering(Observing):
    """A child that is given orders, one delivery after the other."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._delivered = 0

    async def settle(self, *, patient: bool = False) -> None:
        """Wait until nothing more can happen unless the judge acts."""
        if patient or not self.settled:
            await settle(self, patient=patient)
            self.settled = True

    async def deliver(self, *items: Item, now: float | None = None) -> None:
        """Hand over orders to the idle loop, at a time; settles before and after."""
        self.manners.asked(items)
        while True:
            await self.settle()
            if self.closed or self.idle is None:
                return
            if self.doubt:
                await self._ask_the_detector()
            self.now = max(self.now, now or 0.0)
            self._delivered += 1
            idle, self.idle = self.idle, None
            self.begin_step(len(items))
            delivery = Deliver(self._delivered, idle.number, self.now, items)
            self.manners.delivered(delivery)
            self.link.send(delivery)
            await self.settle()
            if self.closed or self.accepted >= self._delivered:
                return  # else a thread woke the loop first, and the order was void: give it again

    async def _ask_the_detector(self) -> None:
        """Something looked like blocking: if the detector has the line, that is it; else it has to come twice."""
        self.doubt = False
        await self.deliver(AskBlocked())
        if found := self.detected():
            raise Broken.of(found[0])
        if self.stood_still:
            self.suspicions.append(self.stood_still)
            self.stood_still = None  # of a step that is over

    def detected(self) -> list[Finding]:
        """What the detector has found against the submission."""
        return blocking_findings(self.blocked, self.most_calls) if self.blocked else []

    def suspected(self) -> list[Finding]:
        """What is believed when it comes twice."""
        detected = blocking_suspicions(self.blocked, self.most_calls) if self.blocked else []
        return [*detected, *self.suspicions]

    async def ping(self) -> None:
        """The loop must turn now, whatever its threads wait for.

        Raises:
            Broken: It does not.
        """
        before = self.pongs
        await self.deliver(Ping())
        if self.pongs == before and not self.closed:
            raise Broken(
                Kind.BLOCKING,
                say("the loop did not turn while it was asked to"),
                self.history.last_line(),
            )

    async def tasks(self) -> tuple[TaskState, ...]:
        """What each task of the submission waits for."""
        self.task_states = ()
        await self.deliver(AskTasks())
        return self.task_states
