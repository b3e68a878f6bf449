"""What the judge asks of a child: to begin, pull and cancel operations of the submission, and the like."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from grader.errors import ExerciseError
from grader.judge.manners import Manners
from grader.judge.operations import Operation, Pending, Request, portions
from grader.judge.session.delivering import Delivering
from grader.language import say
from grader.protocol.messages import (
    TRIO,
    Apply,
    Cancel,
    CloseDesk,
    CloseStream,
    Load,
    OpenDesk,
    OpenStream,
    Pull,
    Read,
    Start,
    UseExecutor,
)
from grader.protocol.values import Given, Value, pack
from grader.world import SOURCE, STEPS, Customer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from grader.nursery.child import Nursery
    from grader.world import World


class Talk(Delivering):
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
        self.max_parallel = order.max_parallel
        """Callers that the SDK takes at once."""
        self.closing: Operation | None = None
        self.left_by_exception = False
        """So the desk is being left, if it is."""
        self.finishing = False
        self.processes = order.processes
        """As many as the child may have at a time beside itself."""
        self.manners = Manners(_steps(order), sockets=order.sockets)
        self.held: Callable[[Request], bool] | None = None
        self.pick: Callable[[list[Pending]], Pending] | None = None

    @property
    def tells(self) -> bool:
        """Whether an operation ends by calling its caller back."""
        return self._order.ends_by == "callbacks"

    # ---- orders

    async def begin(
        self,
        what: str,
        customers: Iterable[Customer] | Customer,
        **keywords: Any,  # noqa: ANN401 - see begin_all
    ) -> Operation:
        """Call one of the submission's functions, for one customer or for a batch."""
        (operation,) = await self.begin_all(what, [customers], **keywords)
        return operation

    async def begin_all(  # noqa: PLR0913 - circumstances of a call, all optional and named
        self,
        what: str,
        plans: Iterable[Iterable[Customer] | Customer],
        *,
        request_id: str = "-",
        scoped: bool = False,
        caller_raises: bool = False,
        goes_on: float = 0.0,
        **keywords: Value,
    ) -> list[Operation]:
        """Call it for several customers or batches, in one turn of the loop.

        Args:
            what: Name of the function.
            plans: Whom each call is for.
            request_id: Of the caller.
            scoped: Each runs in an anyio scope of its own.
            caller_raises: The caller's own callbacks raise.
            goes_on: Virtual seconds for which the caller's task lives on afterwards.
            keywords: Given to the function.
        """
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
                goes_on,
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

    async def open_desk(self, max_parallel: int) -> Operation:
        """Enter a desk, whose SDK takes so many callers at once."""
        operation = self._operation(say("opening the desk"), (), batch=False)
        self.closing, self.left_by_exception = None, False
        self.max_parallel = max_parallel
        await self.deliver(OpenDesk(operation.number, max_parallel))
        return operation

    async def close_desk(self, *, raises: bool = False) -> Operation:
        """Leave the desk, at its end or by an exception."""
        operation = self.closing = self._operation(say("closing the desk"), (), batch=False)
        self.left_by_exception = raises
        await self.deliver(CloseDesk(operation.number, raises))
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
