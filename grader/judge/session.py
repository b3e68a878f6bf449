"""One child, one check: gives orders, answers calls, owns the clock, keeps the history.

Between two settles everything in the child is concurrent; across them it is ordered. An order is given only to a
settled child, so what the judge has seen is all that could be seen.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from grader.judge import facts
from grader.judge.detected import blocking_findings, blocking_suspicions
from grader.judge.evidence import FEW, Focus, follow
from grader.judge.findings import FILE, Broken, Undecided, finding
from grader.judge.hearing import Hearing
from grader.judge.kernel import Kernel, kernel_of
from grader.judge.link import Link
from grader.judge.manners import Manners
from grader.judge.operations import TOGETHER, Operation, Pending, Request, portions
from grader.judge.settling import check_budgets, settle
from grader.protocol.messages import (
    MACHINE,
    Answer,
    AskBlocked,
    AskTasks,
    Cancel,
    CloseDesk,
    Deliver,
    Finish,
    Item,
    Load,
    OpenDesk,
    Ping,
    Read,
    Start,
    TaskState,
    UseExecutor,
)
from grader.protocol.values import Raised, Value, pack
from grader.protocol.wire import WireClosed, frames
from grader.results import Finding, Kind
from grader.world import STEPS, Customer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from grader.judge.warm import Child, Nursery
    from grader.world import World

VAIN = 500
"""Moves of the clock without any other event after which a program is said to poll for what never comes."""


MOVES = 10_000
"""Moves in a stretch of time, at most: half a dozen checkouts may look at the clock every five milliseconds."""


class Session(Hearing):
    """The judge's side of one run of a submission."""

    def __init__(
        self, nursery: Nursery, order: Load, world: World, *, careful: bool = False
    ) -> None:
        super().__init__(world)
        self._careful = careful
        self._nursery = nursery
        self._order = order
        self.code = order.code or None
        self._numbers = itertools.count(1)
        self._delivered = 0
        self.child: Child | None = None
        self.closing: Operation | None = None
        self.finishing = False
        self._threads_at_first: frozenset[int] = frozenset()
        """Those of the import: a program's own affair, and none of what its checkouts start."""
        self.kernel: Kernel
        self.link: Link
        self.manners = Manners(_steps(order))
        self.held: Callable[[Request], bool] | None = None
        self.pick: Callable[[list[Pending]], Pending] | None = None

    @property
    def tells(self) -> bool:
        """Whether an operation ends by calling its caller back."""
        return self._order.ends_by == "callbacks"

    @property
    def max_parallel(self) -> int:
        """Callers that the SDK takes at once."""
        return self._order.max_parallel

    @property
    def loop_thread(self) -> int:
        """Native id of the loop's thread."""
        return self.loaded.loop if self.loaded else 0

    # ---- life

    async def start(self) -> None:
        """Get a child and have it import the submission.

        Raises:
            Broken: It cannot be imported.
        """
        self.child = await self._nursery.child()
        self.kernel = kernel_of(self.child.pid, careful=self._careful)
        self.link = Link(self.child.wire)
        self.child.side.socket.setblocking(False)
        self.child.give(Path(self._order.path))
        self.link.send(msgspec.structs.replace(self._order, path=FILE))
        await self.settle()
        if self.loaded and (problem := self.loaded.problem):
            if problem.kind == MACHINE:
                raise Undecided(problem.message)
            await check_budgets(self)  # the kernel's limit may have been quicker
            raise Broken(Kind(problem.kind), problem.message, problem.line)
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
                message = "the loop cannot be closed: work in its default executor never ends"
                return [*self.findings, finding(Kind.LEAK, message, self.history.last_line())]
            await self.deliver(now=timer)
            await self.settle()
        return [*self.detected(), *self.findings, *self._taken_off(), *await self._threads_left()]

    def _taken_off(self) -> list[Finding]:
        """A detector that went silent means nothing good."""
        if self.blocked is None or self.blocked.intact:
            return []
        text = "the program took off what watches whether its event loop is blocked"
        return [finding(Kind.TAMPERING, text, self.history.last_line())]

    async def close_loop(self) -> bool:
        """Have the child close its loop; whether it could at once."""
        if not self.closed and not self.finishing:
            self.finishing = True
            await self.deliver(Finish())
        return self.closed is not None

    def threads_left(self) -> int:
        """How many threads the child has that it did not have when it was loaded."""
        if self.kernel.guarantees == "linux":
            return len(self.kernel.thread_ids() - self._threads_at_first)
        return len(self.closed.threads) if self.closed else 0

    async def _threads_left(self) -> list[Finding]:
        """Threads that are still there when everything has come to rest."""
        if self.threads_left():
            await self.settle(patient=True)
        if not (count := self.threads_left()):
            return []
        text = f"{count} thread{'s are' if count > 1 else ' is'} left when all is over"
        return [finding(Kind.LEAK, text, self.history.last_line())]

    async def end(self) -> None:
        """Have the child killed, with all that it left."""
        if self.child is not None:
            self.link.close()
            self.kernel.close()
            child, self.child = self.child, None
            await self._nursery.end(child)

    # ---- orders

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
        """Something looked like blocking: if the detector has the line, or it was seen for certain, that is it."""
        self.doubt = False
        await self.deliver(AskBlocked())
        found = [*self.detected(), *([self.stood_still] if self.stood_still else [])]
        if found:
            raise Broken.of(found[0])

    def detected(self) -> list[Finding]:
        """What the detector has found against the submission."""
        return blocking_findings(self.blocked, self.most_calls) if self.blocked else []

    def suspected(self) -> list[Finding]:
        """What is believed when it comes twice."""
        detected = blocking_suspicions(self.blocked, self.most_calls) if self.blocked else []
        return [*detected, *self.suspicions]

    async def begin(
        self,
        what: str,
        customers: Iterable[Customer] | Customer,
        *,
        scoped: bool = False,
        caller_raises: bool = False,
        request_id: str = "-",
        **keywords: Value,
    ) -> Operation:
        """Call one of the submission's functions, for one customer or for a batch."""
        (operation,) = await self.begin_all(
            what,
            [customers],
            scoped=scoped,
            caller_raises=caller_raises,
            request_id=request_id,
            **keywords,
        )
        return operation

    async def begin_all(
        self,
        what: str,
        plans: Iterable[Iterable[Customer] | Customer],
        *,
        request_id: str = "-",
        scoped: bool = False,
        caller_raises: bool = False,
        **keywords: Value,
    ) -> list[Operation]:
        """Call it for several customers or batches, in one turn of the loop."""
        operations = [self._operation_for(what, customers) for customers in plans]
        starts = [
            Start(
                operation.number,
                what,
                (_argument(operation),),
                keywords,
                request_id,
                scoped,
                self.world.prompt,
                caller_raises,
            )
            for operation in operations
        ]
        for some in portions(starts):
            await self.deliver(*some)
        return operations

    def _operation_for(self, what: str, customers: Iterable[Customer] | Customer) -> Operation:
        if isinstance(customers, Customer):
            return self._operation(what, (customers,), batch=False)
        return self._operation(what, tuple(customers), batch=True)

    async def open_desk(self) -> Operation:
        """Enter the desk."""
        operation = self._operation("opening the desk", (), batch=False)
        self.closing = None
        await self.deliver(OpenDesk(operation.number))
        return operation

    async def close_desk(self) -> Operation:
        """Leave the desk."""
        operation = self.closing = self._operation("closing the desk", (), batch=False)
        await self.deliver(CloseDesk(operation.number))
        return operation

    async def use_executor(self) -> Operation:
        """Use the loop's default executor, as some other part of a program would."""
        operation = self._operation("another user of the default executor", (), batch=False)
        await self.deliver(UseExecutor(operation.number))
        return operation

    async def read(self, name: str) -> Any:  # noqa: ANN401 - whatever the submission defines
        """The value of a module constant; None if there is none."""
        operation = self._operation(name, (), batch=False)
        await self.deliver(Read(operation.number, name))
        return self.value_of(operation)

    async def cancel(self, operation: Operation, *, scope: bool = False) -> None:
        """Cancel an operation, natively or by its anyio scope."""
        operation.cancelled_at = len(self.history)
        self.note("cancelled", operation.what, number=operation.number)
        await self.deliver(Cancel(operation.number, scope))

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
                "the loop did not turn while it was asked to",
                self.history.last_line(),
            )

    async def tasks(self) -> tuple[TaskState, ...]:
        """What each task of the submission waits for."""
        self.task_states = ()
        await self.deliver(AskTasks())
        return self.task_states

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
            if vain > VAIN or not await self.step():
                raise await self._stuck(operations)

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
        text = f"{self.describe(operation)} gave {gave} before it had come to its last step"
        return Broken(
            Kind.BEHAVIOUR, text, line or self.history.last_line(), self._focus(operation)
        )

    async def _stuck(self, operations: Iterable[Operation]) -> Broken:
        waiting = next((o for o in operations if not o.done), None)
        if waiting is None:
            return Broken(
                Kind.STUCK, "the program never comes to its next step", await self._rests()
            )
        customers = [c for c in waiting.customers if not self.history.is_over(c.id)]
        focus = self._focus(waiting, *customers[:FEW])
        what = f"{self.describe(waiting)} never ends"
        if died := next(filter(facts.is_fatal, self.notes), None):
            text = f"{died.error} was raised where nobody caught it, so {what}"
            return Broken(Kind.STUCK, text, died.line or self.history.last_line(), focus)
        why = f"{facts.cause(self.history, customers[0])}, and " if customers else ""
        user = customers[0].id if customers else None
        line = await self._rests() or self.history.last_line(user)
        at = "; ".join(f"{t.name} waits at line {t.line}" for t in self.task_states[:FEW] if t.line)
        silent = next((r.step for r in self.requests.values() if r.open), None)
        owed = f"{silent} does not answer" if silent else "every call is answered"
        text = f"{why}{what}: {owed}, no timer runs{', ' + at if at else ''}"
        return Broken(Kind.STUCK, text, line or self.history.last_line(), focus)

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

    def _operation(self, what: str, customers: tuple[Customer, ...], *, batch: bool) -> Operation:
        operation = Operation(next(self._numbers), what, customers, batch, len(self.history))
        self.operations[operation.number] = operation
        return operation

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
            raise Undecided("the submission's process has gone") from error


def _argument(operation: Operation) -> Value:
    ids = [customer.id for customer in operation.customers]
    return pack(ids) if operation.batch else ids[0]


def _steps(order: Load) -> frozenset[str]:
    """The services that a submission is given: where there is an SDK, it is what takes the money."""
    return frozenset((*STEPS[:-1], "charge") if order.max_parallel else STEPS)
