"""The answers to the calls of a child, and its time: which comes next, until what has happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.judge import facts
from grader.judge.findings import Undecided
from grader.judge.kernel import Rest
from grader.judge.operations import TOGETHER, Operation, Pending, Request
from grader.judge.session.stuck import ended_too_soon, stuck
from grader.judge.session.talk import Talk
from grader.language import say
from grader.protocol.messages import Answer, Ping
from grader.protocol.values import Raised
from grader.protocol.wire import WireClosed, frames

if TYPE_CHECKING:
    from collections.abc import Callable

VAIN = 500
"""Moves of the clock without any other event, and no answer due, after which a program polls for what never comes."""
NAP = 2.0
"""Seconds of real time for which a thread may sleep, or wait for its queue, before it goes on."""
MOVES = 10_000
"""Moves in a stretch of time, at most: half a dozen checkouts may look at the clock every five milliseconds."""


class Turns(Talk):
    """A child whose calls are answered, and whose timers fire."""

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
                raise ended_too_soon(self, operations[0])
            if self._gives_up(vain) or not (await self.step() or await self.bear_with_threads()):
                raise await stuck(self, operations)

    async def bear_with_threads(self) -> bool:
        """Wait for a thread that sleeps until a time, where nothing else can happen; whether it did anything."""
        if not may_move(self.kernel.look(), self.link.pending()) or not await self.link.news(NAP):
            return False
        self.settled = False
        await self.settle()
        return True

    async def drain(self) -> None:
        """Give every answer that is still on its way, and let every timer fire; nothing is held any more."""
        self.held = self.pick = None
        vain, known = 0, len(self.history)
        while not self._gives_up(vain) and not self.closed and await self.step():
            vain, known = (vain + 1 if len(self.history) == known else 0), len(self.history)

    def _gives_up(self, vain: int) -> bool:
        """Whether so many moves are enough; where an answer is due some time, each comes nearer to that."""
        return vain > VAIN and (vain > MOVES or self.agenda.earliest(self.held) is None)

    async def advance(self, seconds: float) -> None:
        """Let virtual time pass: answers that are not held, and timers."""
        horizon = self.now + seconds
        for _ in range(MOVES):
            if not await self.step(horizon):
                return

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


def may_move(rest: Rest, pending: object) -> bool:
    """Whether threads may still do something: they sleep until a time, have woken just now, or have spoken since."""
    return bool(pending) or rest in (Rest.TIMED, Rest.RUNNING)
