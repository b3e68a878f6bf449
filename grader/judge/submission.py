"""The learner's program as a check calls it."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Protocol

from grader.judge.findings import Broken
from grader.judge.runs import Run
from grader.judge.stream import Stream
from grader.language import later, say
from grader.protocol.values import CallersBug
from grader.results import Kind

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Sequence

    from grader.judge.counter import Counter
    from grader.judge.operations import Operation
    from grader.judge.session import Session
    from grader.judge.sockets import Program
    from grader.judge.sockets.coroutines import Coroutines
    from grader.judge.sockets.reactors import Serving
    from grader.protocol.values import Given, Value
    from grader.world import Customer


SWALLOWED = later("the desk was left by {error}, and {run} gave {got} instead of letting it out")


class Host(Protocol):
    """The run of a check in which the program is called."""

    backend: str
    shop: Counter

    async def session(self, *, max_parallel: int = 0, default_threads: int = 0) -> Session:
        """Its session, begun when first asked for."""
        ...

    def of(self, source: str) -> AbstractAsyncContextManager[tuple[Counter, Submission]]:
        """Another program in its place."""
        ...


class Submission:
    """The learner's program as a check calls it. The child is started by the first call."""

    def __init__(self, attempt: Host) -> None:
        self._attempt = attempt

    @property
    def backend(self) -> str:
        """What runs it now, "asyncio" or "trio"."""
        return self._attempt.backend

    async def checkout(self, customer: Customer, **keywords: Any) -> Run:  # noqa: ANN401 - see Session.begin
        """Begin one checkout."""
        return await self.call("checkout", customer, **keywords)

    async def checkout_many(self, customers: Iterable[Customer], **keywords: Any) -> Run:  # noqa: ANN401 - as above
        """Begin a batch; the submission gets the ids as a one-shot iterator."""
        return await self.call("checkout_many", list(customers), **keywords)

    async def checkouts(self, customers: Iterable[Customer], **keywords: Any) -> list[Run]:  # noqa: ANN401 - as above
        """Begin a checkout for each, in one turn of the loop."""
        session = await self._attempt.session()
        begun = await session.begin_all("checkout", customers, **keywords)
        return [Run(session, operation) for operation in begun]

    async def batches(self, batches: Iterable[Iterable[Customer]], **keywords: Any) -> list[Run]:  # noqa: ANN401 - as above
        """Begin several batches, in one turn of the loop."""
        session = await self._attempt.session()
        begun = await session.begin_all("checkout_many", batches, **keywords)
        return [Run(session, operation) for operation in begun]

    async def call(self, name: str, customers: Customer | list[Customer], **keywords: Any) -> Run:  # noqa: ANN401 - as above
        """Begin an operation of any name."""
        session = await self._attempt.session()
        return Run(session, await session.begin(name, customers, **keywords))

    async def apply(self, name: str, *given: Given, customer: Customer | None = None) -> Run:
        """Call a function with callables, for what it gives."""
        session = await self._attempt.session()
        (operation,) = await session.apply(name, given, customer=customer)
        return Run(session, operation)

    async def ask(
        self,
        name: str,
        *given: Given,
        customer: Customer | None = None,
        times: int = 1,
        caller_raises: bool = False,
    ) -> list[Run]:
        """Call a function with callables, and ask the function that it gives, each time with callbacks of its own."""
        session = await self._attempt.session()
        made, *asked = await session.apply(
            name, given, customer=customer, askings=times, caller_raises=caller_raises
        )
        Run(session, made).must_not_raise_out()
        return [Run(session, operation) for operation in asked]

    @asynccontextmanager
    async def stream(
        self,
        customers: Sequence[Customer],
        limit: int,
        *,
        pace: float = 0.0,
        failure: type[Exception] | None = None,
    ) -> AsyncGenerator[Stream]:
        """Open a stream of checkouts; it is closed at the end, with all answers given.

        Args:
            customers: Whose ids it reads.
            limit: What it is given as such.
            pace: Virtual seconds until an id is there that was asked for.
            failure: What its ids end with; None if they just end.
        """
        session = await self._attempt.session()
        source = session.world.open_source(customers, pace, failure)
        opened = await session.open_stream("checkout_stream", customers, source, limit)
        Run(session, opened).must_give_something()
        stream = Stream(session, opened, source, customers)
        try:
            yield stream
        except Broken:
            with suppress(Broken):  # as with the desk
                await self._close(session, stream)
            raise
        await self._close(session, stream)

    @staticmethod
    async def _close(session: Session, stream: Stream) -> None:
        if session.finishing:
            return
        await session.drain()
        if stream.closing is None:
            await stream.aclose()

    async def read(self, name: str) -> Value:
        """The value of a module constant; None if the submission does not define it."""
        return await (await self._attempt.session()).read(name)  # type: ignore[no-any-return]  # a Value by the protocol

    @asynccontextmanager
    async def desk(
        self, *, max_parallel: int = 1, default_threads: int = 0
    ) -> AsyncGenerator[Session]:
        """Enter the desk, whose SDK takes so many at once; leave it at the end, with all answers given."""
        session = await self._attempt.session(
            max_parallel=max_parallel, default_threads=default_threads
        )
        opened = await session.open_desk(max_parallel)
        await session.drive(opened)
        self._check(session, opened)
        try:
            yield session
        except Broken:
            with suppress(
                Broken
            ):  # the first finding stands; what else there is shows when the desk is left
                await self._leave(session)
            raise
        await self._leave(session)

    async def _leave(self, session: Session) -> None:
        if session.finishing:
            return
        await session.drain()
        closed = session.closing or await session.close_desk()
        await session.drive(closed)
        if session.left_by_exception:
            Run(session, closed).must_raise(CallersBug, SWALLOWED)
        else:
            self._check(session, closed)

    @staticmethod
    def _check(session: Session, operation: Operation) -> None:
        end = operation.ends[0]
        cancelled = operation.cancelled_at is not None and end.how == "cancelled"
        if end.how != "value" and not cancelled:
            line = getattr(end.value, "line", None) or session.history.last_line()
            text = say("{run} gave {got}", run=operation.what, got=end.value or end.how)
            raise Broken(Kind.BEHAVIOUR, text, line)

    @asynccontextmanager
    async def program(self) -> AsyncGenerator[Program]:
        """Call it in threads of its own, on real sockets; at the end all its calls have returned."""
        from grader.judge.sockets import open_program  # noqa: PLC0415 - stages without sockets need none

        session = await self._attempt.session()
        async with open_program(session, self._attempt.shop.draw) as program:
            yield program

    @asynccontextmanager
    async def scheduler(self) -> AsyncGenerator[Coroutines]:
        """Have it make a scheduler, whose time, sleep and coroutines are the judge's; see `Coroutines`."""
        from grader.judge.sockets.coroutines import Coroutines  # noqa: PLC0415 - as above

        async with self.program() as program:
            coroutines = Coroutines(program)
            await coroutines.open()
            yield coroutines

    @asynccontextmanager
    async def reactor(self, workers: int, *, local: bool = False) -> AsyncGenerator[Serving]:
        """Have its reactor serve, with the judge as clients and as handler; it is stopped at the end."""
        from grader.judge.sockets.reactors import Serving  # noqa: PLC0415 - as above

        async with self.program() as program:
            serving = Serving(program)
            await serving.open(workers, local=local)
            yield serving
            strictly = serving.stopped
            await serving.end()
        program.session.runs_free = not strictly  # how it stops is judged where it is told to

    def of(self, source: str) -> AbstractAsyncContextManager[tuple[Counter, Submission]]:
        """Another program, run in the same way: the one that learners were given, say."""
        return self._attempt.of(source)
