"""One child, one check: its life."""

from __future__ import annotations

from pathlib import Path

import msgspec

from grader.judge import facts
from grader.judge.findings import Broken, Undecided, finding
from grader.judge.kernel import PortableKernel, kernel_of
from grader.judge.link import Link
from grader.judge.session.turns import VAIN, Turns
from grader.judge.settling import check_budgets
from grader.language import say, say_count
from grader.nursery.ground import root_of
from grader.protocol.messages import MACHINE, TRIO, Finish
from grader.results import Finding, Kind


class Session(Turns):
    """The judge's side of one run of a submission."""

    async def start(self) -> None:
        """Get a child and have it import the submission.

        Raises:
            Broken: It cannot be imported.
            MachineError: trio is to run it, and is not installed.
        """
        if trio := self._order.backend == TRIO:
            root_of(TRIO)  # the warm process would only end of it
        self.child = await self._nursery.child(trio=trio, forks=self._order.processes > 0)
        self.kernel = (
            PortableKernel()
            if self.child.attended
            else kernel_of(self.child.pid, careful=self._careful)
        )
        if self.processes:
            from grader.judge.sockets.family import Family  # noqa: PLC0415 - few stages fork

            self.family = Family(self.child.pid, self.processes)
        self.link = Link(self.child.wire)
        self.child.side.socket.setblocking(False)
        name = self.child.give(Path(self._order.path))
        self.link.send(msgspec.structs.replace(self._order, path=name))
        await self.settle()
        if self.loaded and (problem := self.loaded.problem):
            if problem.kind == MACHINE:
                raise Undecided(facts.problem(problem))
            await check_budgets(self)  # the kernel's limit may have been quicker
            raise Broken(Kind(problem.kind), facts.problem(problem), problem.line)
        self._threads_at_first = self.kernel.thread_ids()

    async def finish(self) -> list[Finding]:
        """Have the child close its loop, and say what was left.

        Raises:
            Broken: It has used more than a check may, be it so quickly that nobody looked meanwhile.
        """
        await check_budgets(self)
        moves = 0
        await self.close_loop()
        while not self.closed:
            if inside := self.agenda.charges():
                await self.answer(inside[0])
                continue
            timer = self.idle.timer if self.idle else None
            if timer is None or (moves := moves + 1) > VAIN:
                message = say("the loop cannot be closed: work in its default executor never ends")
                return [*self.findings, finding(Kind.LEAK, message, self.history.last_line())]
            await self.deliver(now=timer)
            await self.settle()
        return [*self.detected(), *self.findings, *self._taken_off(), *await self._threads_left()]

    def _taken_off(self) -> list[Finding]:
        """A detector that went silent means nothing good."""
        if self.blocked is None or self.blocked.intact:
            return []
        text = say("the program took off what watches whether its event loop is blocked")
        return [finding(Kind.TAMPERING, text, self.history.last_line())]

    async def close_loop(self) -> bool:
        """Have the child close its loop; whether it could at once."""
        if not self.closed and not self.finishing:
            self.finishing = True
            await self.deliver(Finish())
        return self.closed is not None

    async def _threads_left(self) -> list[Finding]:
        """Threads that are still there when everything has come to rest."""
        if self.runs_free:
            return []
        if self.threads_left():
            await self.settle(patient=True)
        if not (count := self.threads_left()):
            return []
        text = say_count(
            "{count} thread is left when all is over",
            "{count} threads are left when all is over",
            count,
        )
        return [finding(Kind.LEAK, text, self.history.last_line())]

    async def end(self) -> None:
        """Have the child killed, with all that it left."""
        if self.child is not None:
            self.link.close()
            self.kernel.close()
            child, self.child = self.child, None
            await self._nursery.end(child)
