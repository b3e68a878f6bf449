"""One child, one check: its life, the answers to its calls, and its time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from grader.judge import facts
from grader.judge.evidence import FEW, Focus, follow
from grader.judge.findings import Broken, Undecided, finding
from grader.judge.in_vain import check_budgets
from grader.judge.kernel import PortableKernel, Rest, kernel_of
from grader.judge.link import Link
from grader.judge.operations import TOGETHER, Operation, Pending, Request
from grader.judge.talk import Talk
from grader.language import later, say, say_count
from grader.nursery.ground import root_of
from grader.protocol.messages import (
    MACHINE,
    TRIO,
    Answer,
    Finish,
    Ping,
)
from grader.protocol.values import Raised
from grader.protocol.wire import WireClosed, frames
from grader.results import Finding, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from grader.world import Customer


VAIN = 500
"""Moves of the clock without any other event after which a program is said to poll for what never comes."""


NAP = 2.0
"""Seconds of real time for which a thread may sleep, or wait for its queue, before it goes on."""
MOVES = 10_000
"""Moves in a stretch of time, at most: half a dozen checkouts may look at the clock every five milliseconds."""
STUCK = later("{run} never ends: {owed}")
STUCK_AFTER = later("{cause}, and {run} never ends: {owed}")


class Session(Talk):
    """The judge's side of one run of a submission."""

    # ---- life

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

    # ---- answers and time

    async def answer(self, pending: Pending, *, at: float | None = None) -> None:
        """Give one answer; a blocking call gets it past the loop, which must turn meanwhile."""
        self.now = max(self.now, at or 0.0)
        if pending.request.blocks:
            await self.deliver(Ping())
            self._send_aside(self.given(pending))
            await self.settle()
        else:
            await self.deliver(self.given(pending))

    async def step(self, until: float = float("inf")) -> bool:
        """One answer, or one move of the clock; False if neither is to be had before `until`."""
        await self.settle()
        timer = self.idle.timer if self.idle else None
        chosen = self._choose()
        if chosen and self.pick:
            await self.answer(chosen)
        elif chosen and (timer is None or chosen.when <= timer) and chosen.when <= until:
            await self._answer_all_due(chosen)
        elif timer is not None and timer <= until and (not chosen or timer < chosen.when):
            await self.deliver(now=timer)
        else:
            return False
        return True

    async def _answer_all_due(self, first: Pending) -> None:
        """Give the earliest answer, and with it those that are due in the same instant."""
        if first.request.blocks:
            await self.answer(first, at=first.when)
            return
        self.now = max(self.now, first.when)
        due: list[Answer] = []
        while len(due) < TOGETHER and not first.request.blocks:
            due.append(self.given(first))
            after = self.agenda.earliest(self.held)
            if after is None or after.when > first.when:
                break
            first = after
        await self.deliver(*due)

    def given(self, pending: Pending) -> Answer:
        """Take an answer off the agenda, into the history."""
        self.agenda.take(pending)
        pending.request.open = False
        self._note_answer(pending.request, pending.answer)
        return pending.answer

    def _choose(self) -> Pending | None:
        """The next answer: the earliest, or the one that the check's order picks."""
        if self.pick is None:
            return self.agenda.earliest(self.held)
        free = self.agenda.free(self.held)
        return self.pick(free) if free else None

    async def drive(
        self, *operations: Operation, until: Callable[[], object] | None = None
    ) -> None:
        """Answer and move the clock until the operations have ended, or `until` holds.

        Raises:
            Broken: They cannot end any more.
        """
        over = until or (lambda: all(operation.done for operation in operations))
        await self.settle()
        vain, known = 0, len(self.history)
        while not over():
            vain, known = (vain + 1 if len(self.history) == known else 0), len(self.history)
            if operations and all(operation.done for operation in operations):
                raise self._ended_too_soon(operations[0])
            if vain > VAIN or not (await self.step() or await self.bear_with_threads()):
                raise await self._stuck(operations)

    async def bear_with_threads(self) -> bool:
        """Wait for a thread that sleeps until a time, where nothing else can happen; whether it did anything."""
        if self.kernel.look() is not Rest.TIMED or not await self.link.news(NAP):
            return False
        self.settled = False
        await self.settle()
        return True

    async def drain(self) -> None:
        """Give every answer that is still on its way, and let every timer fire; nothing is held any more."""
        self.held = self.pick = None
        vain, known = 0, len(self.history)
        while vain < VAIN and not self.closed and await self.step():
            vain, known = (vain + 1 if len(self.history) == known else 0), len(self.history)

    async def advance(self, seconds: float) -> None:
        """Let virtual time pass: answers that are not held, and timers."""
        horizon = self.now + seconds
        for _ in range(MOVES):
            if not await self.step(horizon):
                return

    def _ended_too_soon(self, operation: Operation) -> Broken:
        value = operation.ends[0].value if operation.ends else None
        line = value.line if isinstance(value, Raised) else None
        gave = facts.value(self.value_of(operation))
        text = say(
            "{run} gave {got} before it had come to its last step",
            run=self.describe(operation),
            got=gave,
        )
        return Broken(
            Kind.BEHAVIOUR, text, line or self.history.last_line(), self._focus(operation)
        )

    async def _stuck(self, operations: Iterable[Operation]) -> Broken:
        waiting = next((o for o in operations if not o.done), None)
        if waiting is None:
            return Broken(
                Kind.STUCK, say("the program never comes to its next step"), await self._rests()
            )
        customers = [c for c in waiting.customers if not self.history.is_over(c.id)]
        focus = self._focus(waiting, *customers[:FEW])
        run = self.describe(waiting)
        if died := next(filter(facts.is_fatal, self.notes), None):
            text = say(
                "{error} was raised where nobody caught it, so {run} never ends",
                error=died.error,
                run=run,
            )
            return Broken(Kind.STUCK, text, died.line or self.history.last_line(), focus)
        user = customers[0].id if customers else None
        line = await self._rests() or self.history.last_line(user)
        cause = facts.cause(self.history, customers[0]) if customers else ""
        text = self._why_stuck(run, cause)
        return Broken(Kind.STUCK, text, line or self.history.last_line(), focus)

    def _why_stuck(self, run: str, cause: str) -> str:
        silent = next((r.step for r in self.requests.values() if r.open), None)
        owed = (
            say("{step} does not answer, no timer runs", step=silent)
            if silent
            else say("every call is answered, no timer runs")
        )
        waits = [
            say("{task} waits at line {line}", task=task.name, line=task.line)
            for task in self.task_states[:FEW]
            if task.line
        ]
        said = say(STUCK_AFTER if cause else STUCK, cause=cause, run=run, owed=owed)
        return "; ".join([said, *waits])

    async def _rests(self) -> int | None:
        """Line at which a task of the submission waits."""
        lines = [task.line for task in await self.tasks() if task.line]
        return lines[0] if lines else None

    def _focus(self, operation: Operation, *first: Customer) -> Focus:
        """A finding about an operation, and first of all about some of its customers."""
        users = follow((c.id for c in operation.customers), (c.id for c in first))
        seen = len(self.history)
        return Focus(users, operation.number, at=operation.ended_at, seen=seen)

    # ---- within

    def _note_answer(self, request: Request, answer: Answer) -> None:
        failed = isinstance(answer.value, Raised)
        self._note_request("answered", request, facts.reply(answer.value), failed=failed)

    def _send_aside(self, answer: Answer) -> None:
        self.settled = False
        assert self.child
        try:
            for data in frames([answer]):
                self.child.side.send(data)
        except BlockingIOError:  # it does not read, and so will never be done
            pass
        except WireClosed as error:
            raise Undecided(say("the submission's process has gone")) from error
