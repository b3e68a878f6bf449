"""One run of one check: a fresh world, a fresh child, and what came of it."""

from __future__ import annotations

import random
import tempfile
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.judge.counter import Counter
from grader.judge.evidence import NOTHING, Focus, evidence
from grader.judge.findings import Broken
from grader.judge.runs import Run
from grader.judge.session import Session
from grader.judge.stream import Stream
from grader.language import say
from grader.results import Event, Finding, Kind
from grader.world import World

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Sequence

    from grader.judge.contract import Contract
    from grader.judge.operations import Operation
    from grader.judge.sockets import Program
    from grader.judge.sockets.coroutines import Coroutines
    from grader.judge.sockets.reactors import Serving
    from grader.nursery.child import Nursery
    from grader.protocol.values import Given, Value
    from grader.timeline.recording import Recording
    from grader.world import Customer


class Submission:
    """The learner's program as a check calls it. The child is started by the first call."""

    def __init__(self, attempt: Attempt) -> None:
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
        opened = await session.open_desk()
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


class Attempt:
    """What one run of a check works with; `open` begins another one with the same seed.

    Args:
        path: The judge's copy of the submission.
        seed: Of the world's ids, amounts, latencies and orders.
        compiled: What children have made of submissions so far, by path; kept up here.

    Attributes:
        recorded: Keep what a timeline shows, from the next session on.
        backend: What runs the submission.
    """

    def __init__(
        self,
        nursery: Nursery,
        contract: Contract,
        path: Path,
        seed: str,
        compiled: dict[Path, bytes] | None = None,
    ) -> None:
        self.recorded = False
        self._compiled = {} if compiled is None else compiled
        self._nursery = nursery
        self._contract = contract
        self._path = path
        self._seed = seed
        self._careful = False
        self.backend = contract.backends[0]
        self._session: Session | None = None
        self.submission = Submission(self)
        self.shop: Counter
        self.open()

    @property
    def backends(self) -> tuple[str, ...]:
        """What is to run it, one after the other."""
        return self._contract.backends

    def open(self, *, careful: bool = False, backend: str = "") -> None:
        """Begin anew, perhaps looking closer, or on another backend."""
        self._careful = careful
        self.backend = backend or self.backend
        draw = random.Random(self._seed)  # noqa: S311 - reproducible, and never told to the child
        self._world = World(draw)
        self._session = None
        shop = Counter(self._world, draw)
        if hasattr(self, "shop"):
            self.shop.__dict__.update(shop.__dict__)  # the check holds on to the same object
        else:
            self.shop = shop

    async def session(self, *, max_parallel: int = 0, default_threads: int = 0) -> Session:
        """The session of this run; started when first asked for."""
        if self._session is None:
            order = self._contract.load(
                str(self._path),
                max_parallel=max_parallel,
                default_threads=default_threads,
                code=self._compiled.get(self._path, b""),
                backend=self.backend,
            )
            kind = _recorded_session() if self.recorded else Session
            self._session = kind(self._nursery, order, self._world, careful=self._careful)
            self.shop.attach(self._session)
            await self._session.start()
            self._compiled[self._path] = self._session.code or b""
        return self._session

    @asynccontextmanager
    async def of(self, source: str) -> AsyncGenerator[tuple[Counter, Submission]]:
        """Run another program in the same way, the one that a learner was given, say."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "pipeline.py")
            path.write_text(source, encoding="utf-8")  # noqa: ASYNC240 - a page, once
            other = Attempt(self._nursery, self._contract, path, self._seed + " given")
            other.backend = self.backend
            try:
                yield other.shop, other.submission
            finally:
                await other.close()

    async def close(self, *, broken: bool = False) -> tuple[list[Finding], list[Finding], bool]:
        """End the child; returns what it left, what is suspected, and whether the machine was too busy to tell."""
        session = self._session
        if session is None:
            return [], [], False
        try:
            findings = await self._finish(session, broken=broken)
        finally:
            await session.end()
        inconclusive = session.blocked is not None and session.blocked.inconclusive
        return findings, session.suspected(), inconclusive

    @staticmethod
    async def _finish(session: Session, *, broken: bool) -> list[Finding]:
        if session.closed or session.loaded is None or session.runs_free:
            return session.findings
        try:
            return await session.finish()
        except Broken as more:
            # Of a program that is broken already, only what it says by itself counts.
            return session.findings if broken else [*session.findings, more.finding]

    @property
    def line(self) -> int | None:
        """Where the submission's first function is defined."""
        loaded = self._session.loaded if self._session else None
        return loaded.line if loaded else None

    @property
    def loaded(self) -> bool:
        """Whether the submission could be imported."""
        session = self._session
        return session is None or bool(session.loaded and not session.loaded.problem)

    def explain(self, found: Finding, focus: Focus | None) -> tuple[Event, ...]:
        """The events behind a finding; where the check does not say what it is about, the session may."""
        session = self._session
        if session is None:
            return ()
        owners = {
            number: tuple(c.id for c in o.customers) for number, o in session.operations.items()
        }
        about = focus or session.about.get(found, NOTHING)
        return evidence(session.history.events, about, owners)

    def recording(self, story: Sequence[Event]) -> Recording | None:
        """What a timeline shows; None where nothing ran, or nobody asked for one.

        Args:
            story: The events that explain the finding, if there is one.
        """
        kept = getattr(self._session, "recording", None)
        return kept(story) if kept else None

    def output(self) -> str:
        """What the submission printed."""
        child = self._session.child if self._session else None
        return child.output() if child else ""


def _recorded_session() -> type[Session]:
    from grader.judge.recorded import RecordedSession  # noqa: PLC0415 - ordinary grading needs none

    return RecordedSession
