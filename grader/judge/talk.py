"""What the judge asks of a child: each order goes to a settled child, and what comes of it is settled again.

Between two settles everything in the child is concurrent; across them it is ordered. An order is given only to a
settled child, so what the judge has seen is all that could be seen.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from grader.errors import ExerciseError
from grader.judge.detected import blocking_findings, blocking_suspicions
from grader.judge.findings import Broken
from grader.judge.hearing import Hearing
from grader.judge.manners import Manners
from grader.judge.operations import Operation, Pending, Request, portions
from grader.judge.settling import settle
from grader.language import say
from grader.protocol.messages import (
    TRIO,
    Apply,
    AskBlocked,
    AskTasks,
    Cancel,
    CloseDesk,
    CloseStream,
    Deliver,
    Item,
    Load,
    OpenDesk,
    OpenStream,
    Ping,
    Pull,
    Read,
    Start,
    TaskState,
    UseExecutor,
)
from grader.protocol.values import Given, Value, pack
from grader.results import Finding, Kind
from grader.world import SOURCE, STEPS, Customer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from grader.judge.kernel import Kernel
    from grader.judge.link import Link
    from grader.judge.sockets.family import Family
    from grader.nursery.child import Child, Nursery
    from grader.world import World


class Talk(Hearing):
    """The orders of one run of a submission, and the child that they go to."""

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
        self.family: Family | None = None
        """Of a child that may fork."""
        self.processes = order.processes
        """As many as the child may have at a time beside itself."""
        self.manners = Manners(_steps(order), sockets=order.sockets)
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

    def threads_left(self) -> int:
        """How many threads the child has that it did not have when it was loaded."""
        if self.kernel.guarantees == "linux":
            return len(self.kernel.thread_ids() - self._threads_at_first)
        return len(self.closed.threads) if self.closed else 0

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

    async def apply(
        self,
        what: str,
        given: Iterable[Given],
        *,
        customer: Customer | None = None,
        askings: int = 0,
        caller_raises: bool = False,
    ) -> list[Operation]:
        """Call a function with callables of the child's; then ask what it gives, so many times in a row.

        Returns:
            The call itself, and each asking.
        """
        concerned = (customer,) if customer else ()
        operations = [self._operation(what, concerned, batch=False) for _ in range(1 + askings)]
        first, *others = [operation.number for operation in operations]
        prompt = self.world.prompt
        order = Apply(first, what, tuple(given), tuple(others), prompt, caller_raises)
        await self.deliver(order)
        return operations

    async def open_stream(
        self, what: str, customers: Sequence[Customer], source: int, limit: int
    ) -> Operation:
        """Call a function that goes through a source of these customers' ids."""
        self.manners.allow(SOURCE)
        operation = self._operation(what, tuple(customers), batch=True)
        await self.deliver(OpenStream(operation.number, what, source, limit))
        return operation

    async def pull(self, stream: Operation) -> Operation:
        """Ask a stream for its next item."""
        operation = self._operation(say("the next result"), (), batch=False)
        await self.deliver(Pull(operation.number, stream.number))
        return operation

    async def close_stream(self, stream: Operation) -> Operation:
        """Close a stream."""
        operation = self._operation("aclose", stream.customers, batch=True)
        await self.deliver(CloseStream(operation.number, stream.number))
        return operation

    def _operation_for(self, what: str, customers: Iterable[Customer] | Customer) -> Operation:
        if isinstance(customers, Customer):
            return self._operation(what, (customers,), batch=False)
        return self._operation(what, tuple(customers), batch=True)

    async def open_desk(self) -> Operation:
        """Enter the desk."""
        operation = self._operation(say("opening the desk"), (), batch=False)
        self.closing = None
        await self.deliver(OpenDesk(operation.number))
        return operation

    async def close_desk(self) -> Operation:
        """Leave the desk."""
        operation = self.closing = self._operation(say("closing the desk"), (), batch=False)
        await self.deliver(CloseDesk(operation.number))
        return operation

    async def use_executor(self) -> Operation:
        """Use the loop's default executor, as some other part of a program would."""
        operation = self._operation(say("another user of the default executor"), (), batch=False)
        await self.deliver(UseExecutor(operation.number))
        return operation

    async def read(self, name: str) -> Any:  # noqa: ANN401 - whatever the submission defines
        """The value of a module constant; None if there is none."""
        operation = self._operation(name, (), batch=False)
        await self.deliver(Read(operation.number, name))
        return self.value_of(operation)

    async def cancel(self, operation: Operation, *, scope: bool = False) -> None:
        """Cancel an operation, natively or by its anyio scope.

        Raises:
            ExerciseError: A task of trio's has no cancellation but a scope's.
        """
        if self._order.backend == TRIO and not scope:
            text = say("a check cancels natively on trio, where only a scope cancels")
            raise ExerciseError(text)
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
                say("the loop did not turn while it was asked to"),
                self.history.last_line(),
            )

    async def tasks(self) -> tuple[TaskState, ...]:
        """What each task of the submission waits for."""
        self.task_states = ()
        await self.deliver(AskTasks())
        return self.task_states

    def operation(self, what: str) -> Operation:
        """A new operation that is about no customer."""
        return self._operation(what, (), batch=False)

    # ---- within

    def _operation(self, what: str, customers: tuple[Customer, ...], *, batch: bool) -> Operation:
        operation = Operation(next(self._numbers), what, customers, batch, len(self.history))
        self.operations[operation.number] = operation
        return operation


def _argument(operation: Operation) -> Value:
    ids = [customer.id for customer in operation.customers]
    return pack(ids) if operation.batch else ids[0]


def _steps(order: Load) -> frozenset[str]:
    """The services that a submission is given: where there is an SDK, it is what takes the money."""
    return frozenset((*STEPS[:-1], "charge") if order.max_parallel else STEPS)
