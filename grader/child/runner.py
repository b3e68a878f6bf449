"""Carries out what the judge orders, and reports what comes of it."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import shop
from grader.child import services as faces
from grader.child import streams
from grader.child.places import calling_line, raising_line, task_state
from grader.child.program import Program
from grader.child.watching import DETECTOR, tell
from grader.protocol.messages import (
    TRIO,
    Answer,
    Apply,
    AskBlocked,
    AskLines,
    AskTasks,
    CalledBack,
    Cancel,
    Closed,
    CloseDesk,
    CloseStream,
    Dismiss,
    Ended,
    Finish,
    Invoke,
    Item,
    Lend,
    Load,
    Note,
    OpenDesk,
    OpenStream,
    Ping,
    Pong,
    Pull,
    Read,
    Reply,
    Start,
    Started,
    Tasks,
    UseExecutor,
)
from grader.protocol.values import CallersBug, Given, Listed, pack, pack_error, unpack

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from grader.child.channel import Channel
    from grader.child.loop import JudgedLoop
    from grader.child.streams import Consumer, Errand
    from grader.child.trio_run import TrioRun
    from grader.protocol.wire import AnyWire


class Runner:
    """One submission on one loop, from the first order to the last."""

    def __init__(self, loop: JudgedLoop, channel: Channel, side: AnyWire, order: Load) -> None:
        self._channel = channel
        self._order = order
        self._home = threading.get_ident()
        self.loop = loop
        loop.judged.take = self.take
        asyncio.set_event_loop(loop)
        self.loop.set_debug(
            True
        )  # it checks the thread of call_soon, and keeps origins of coroutines
        self.loop.set_exception_handler(self._loop_error)
        if order.default_threads:
            self.loop.set_default_executor(ThreadPoolExecutor(order.default_threads, "default"))
        self._services = self._face()
        self._sdk = faces.SDK(channel, side, order.max_parallel) if order.max_parallel else None
        self._side = side
        self._program: Program | None = None
        self._module: ModuleType | None = None
        self._desk: Any = None
        self._futures: dict[int, asyncio.Future[Any] | Errand] = {}
        self._scopes: dict[int, Any] = {}
        self._consumers: dict[int, Consumer] = {}
        self._finished = self.loop.create_future()
        self._trio = self._trio_run()
        self._main: asyncio.Task[None] | None = None

    def _trio_run(self) -> TrioRun | None:
        """The run of trio, if the submission is judged on it."""
        if self._order.backend != TRIO:
            return None
        from grader.child.trio_run import TrioRun  # noqa: PLC0415 - warm already, where it is wanted

        run = TrioRun(self.loop, self._channel, self._services.forget)
        self.loop.judged.turning = run.turning
        return run

    def _face(self) -> faces.CallbackServices | faces.CoroutineServices:
        if self._order.backend == TRIO:
            from grader.child.trio_services import TrioServices  # noqa: PLC0415 - as above

            return TrioServices(self._channel)
        if self._order.services == "callbacks":
            return faces.CallbackServices(self._channel)
        if self._order.max_parallel:
            return faces.CoroutineServices(self._channel)
        return faces.PayingCoroutineServices(self._channel)

    # ---- a life

    def run(self, module: ModuleType) -> None:
        """Serve orders until the judge says Finish; then close the loop and report what is left."""
        self._module = module
        if self._order.sockets:
            self._program = Program(self._channel, self._side.socket, module)
        self.loop.run_until_complete(self._serve())
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        if DETECTOR.is_started():
            self._channel.post(tell(DETECTOR.stop(keep_doors=True)))
        gc.collect()
        self._channel.flush(Closed(tuple(t.name for t in threading.enumerate()[1:])))

    async def _serve(self) -> None:
        self._main = asyncio.current_task()
        if self._trio:
            self._trio.begin()
        await self._finished
        self._futures.clear()
        self._services.forget()
        with DETECTOR.excused():
            gc.collect()
        if self._trio:
            for state in self._trio.tasks():
                self._channel.post(Note("leak", state.name, state.line))
            await self._trio.end()
        left = [task for task in asyncio.all_tasks() if task is not self._main]
        for task in left:
            if task not in self._consuming():
                state = task_state(task)
                self._channel.post(Note("leak", state.name, state.line))
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=1)

    # ---- orders

    def take(self, item: Item) -> None:
        """Carry out one order; called between two turns of the loop."""
        match item:
            case Answer():
                self._services.answer(item)
            case Start():
                self._expect_prompt_answers(item)
                context = contextvars.copy_context()
                context.run(shop.request_id.set, item.request_id)
                self.loop.call_soon(self._start, item, context=context)
            case Cancel():
                target = self._scopes if item.scope else self._futures
                self.loop.call_soon(target[item.operation].cancel)
            case Ping():  # through the ready queue: the loop itself must turn
                self.loop.call_soon(self._channel.post, Pong())
            case AskTasks():
                theirs = self._trio.tasks() if self._trio else []
                self._channel.post(Tasks((*map(task_state, self._others()), *theirs)))
            case AskBlocked():
                self._channel.post(tell(DETECTOR.report()))
            case Finish():
                self._finished.set_result(None)
            case _:
                self._take_rare(item)

    def _expect_prompt_answers(self, order: Start | Apply) -> None:
        if order.prompt and isinstance(self._services, faces.CallbackServices):
            self._services.prompt = True

    def _take_rare(
        self,
        item: Apply
        | OpenStream
        | Pull
        | CloseStream
        | OpenDesk
        | CloseDesk
        | UseExecutor
        | Read
        | Lend
        | Invoke
        | Reply
        | AskLines
        | Dismiss,
    ) -> None:
        match item:
            case Lend() | Invoke() | Reply() | AskLines() | Dismiss():
                assert self._program
                self._program.take(item)
            case OpenStream():
                self.loop.call_soon(self._open_stream, item)
            case Pull():
                self._send(item.operation, self._consumers[item.stream].pull())
            case CloseStream():
                self._send(item.operation, self._consumers[item.stream].close())
            case Apply():
                self._expect_prompt_answers(item)
                self.loop.call_soon(self._apply, item)
            case OpenDesk():
                self._open_desk(item.operation)
            case CloseDesk():
                self._closing.set_result(None)
                self._follow(item.operation, self._desk_task)
            case UseExecutor():
                self._follow(item.operation, self.loop.run_in_executor(None, int))
            case Read():
                value = getattr(self._module, item.name, None)
                self._channel.post(Ended(item.operation, "value", pack(value)))

    def _others(self) -> list[asyncio.Task[Any]]:
        mine = (self._main, getattr(self, "_desk_task", None), *self._consuming())
        return [task for task in asyncio.all_tasks(self.loop) if task not in mine]

    def _consuming(self) -> list[asyncio.Task[None]]:
        """The tasks that go through the submission's streams."""
        return [consumer.task for consumer in self._consumers.values()]

    # ---- operations

    def _start(self, order: Start) -> None:
        if self._trio:
            return self._trio.start(order.operation, lambda: self._call(order))
        try:
            outcome = self._call(order)
        except BaseException as error:  # noqa: BLE001 - the submission may raise anything
            return self._raised(order.operation, error)
        if self._order.ends_by == "callbacks":
            return self._channel.post(Started(order.operation, _came_back(outcome)))
        return self._started(order.operation, outcome)

    def _raised(self, operation: int, error: BaseException) -> None:
        line = raising_line(error)
        self._channel.post(Started(operation, "raised", line))
        self._channel.post(Ended(operation, "error", pack_error(error, line=line)))

    def _apply(self, order: Apply) -> None:
        try:
            function = getattr(self._module, order.what)
            outcome = function(*map(self._given, order.given))
        except BaseException as error:  # noqa: BLE001 - the submission may raise anything
            self._raised(order.operation, error)
            return
        self._channel.post(Started(order.operation, "done"))
        self._channel.post(Ended(order.operation, "value", pack(outcome)))
        for asking in order.askings:
            self._ask(asking, outcome, caller_raises=order.caller_raises)

    def _given(self, value: Given) -> Callable[..., Any]:
        if value.name == "call_soon":
            return self.loop.call_soon
        return functools.partial(getattr(self._services, value.name), *value.arguments)

    def _ask(self, operation: int, function: Any, *, caller_raises: bool) -> None:  # noqa: ANN401 - what the submission gave
        try:
            outcome = function(*self._callbacks(operation, caller_raises=caller_raises))
        except BaseException as error:  # noqa: BLE001 - the submission may raise anything
            self._raised(operation, error)
        else:
            self._channel.post(Started(operation, _came_back(outcome)))

    def _started(self, operation: int, outcome: Any) -> None:  # noqa: ANN401 - what the submission gave
        wanted_future = self._order.ends_by == "future"
        if wanted_future and not asyncio.isfuture(outcome):
            self._channel.post(Started(operation, type(outcome).__name__))
            self._channel.post(Ended(operation, "value", pack(outcome)))
            return
        try:
            future = asyncio.ensure_future(outcome)
        except TypeError:  # not awaitable at all
            self._channel.post(Started(operation, type(outcome).__name__))
            self._channel.post(Ended(operation, "value", pack(outcome)))
            return
        self._channel.post(Started(operation, "done" if future.done() else "pending"))
        self._follow(operation, future)

    def _call(self, order: Start) -> Any:  # noqa: ANN401 - what the submission gives
        arguments = [self._argument(value) for value in order.arguments]
        keywords = {name: unpack(value) for name, value in order.keywords.items()}
        if self._desk is None:
            arguments.insert(0, self._services)
        if self._order.ends_by == "callbacks":
            arguments += self._callbacks(order.operation, caller_raises=order.caller_raises)
        function = getattr(self._desk or self._module, order.what)
        if order.scoped:
            return self._scoped(order.operation, lambda: function(*arguments, **keywords))
        return function(*arguments, **keywords)

    @staticmethod
    def _argument(value: Any) -> Any:  # noqa: ANN401 - a value of the protocol
        """Lists arrive as one-shot iterators: "Iterable" means any iterable."""
        return iter(unpack(value)) if isinstance(value, Listed) else unpack(value)

    def _callbacks(self, operation: int, *, caller_raises: bool) -> list[Callable[[Any], None]]:
        def callback(which: str) -> Callable[[Any], None]:
            def call_back(value: Any) -> None:  # noqa: ANN401 - what the submission gives
                thread, line = threading.get_native_id(), calling_line()
                packed = (
                    pack_error(value, line=raising_line(value))
                    if isinstance(value, BaseException)
                    else pack(value)
                )
                self._tell(CalledBack(operation, which, packed, thread, line))
                if caller_raises:
                    raise CallersBug(f"the caller's own {which} raised")

            return call_back

        return [callback("on_done"), callback("on_error")]

    async def _scoped(self, operation: int, call: Callable[[], Any]) -> Any:  # noqa: ANN401 - what the submission gives
        import anyio  # noqa: PLC0415 - warm already; named only where it is used

        with anyio.CancelScope() as self._scopes[operation]:
            return await call()
        raise asyncio.CancelledError

    # ---- streams

    def _open_stream(self, order: OpenStream) -> None:
        try:
            assert isinstance(self._services, faces.CoroutineServices)
            self._services.parting = streams.PARTING
            source = streams.Source(self._services, order.source)
            function = getattr(self._module, order.what)
            stream = aiter(function(self._services, source, order.limit))
        except BaseException as error:  # noqa: BLE001 - the submission may raise anything
            self._raised(order.operation, error)
            return
        self._consumers[order.operation] = streams.Consumer(self.loop, stream)
        self._channel.post(Started(order.operation, "done"))
        self._channel.post(Ended(order.operation, "value", pack(stream)))

    def _send(self, operation: int, errand: Errand) -> None:
        self._channel.post(Started(operation, "pending"))
        self._follow(operation, errand.future)
        self._futures[operation] = errand

    # ---- the desk

    def _open_desk(self, operation: int) -> None:
        self._closing, opened = self.loop.create_future(), self.loop.create_future()
        self._desk_task = self.loop.create_task(self._keep_desk(opened))
        self._follow(operation, opened)

    async def _keep_desk(self, opened: asyncio.Future[None]) -> None:
        try:
            desk = getattr(self._module, str(self._order.desk))
            async with desk(self._services, self._sdk) as self._desk:
                opened.set_result(None)
                await self._closing
        except BaseException as error:
            if opened.done():
                raise
            opened.set_exception(error)

    # ---- reports

    def _follow(self, operation: int, future: asyncio.Future[Any]) -> None:
        self._futures[operation] = future
        future.add_done_callback(lambda future: self._ended(operation, future))

    def _ended(self, operation: int, future: asyncio.Future[Any]) -> None:
        error = asyncio.CancelledError() if future.cancelled() else future.exception()
        if isinstance(
            error, asyncio.CancelledError
        ):  # a cancelled gather() is not .cancelled() on 3.11
            self._channel.post(Ended(operation, "cancelled"))
        elif error is not None:
            raised = pack_error(error, line=raising_line(error))
            self._channel.post(Ended(operation, "error", raised))
        else:
            self._channel.post(Ended(operation, "value", pack(future.result())))

    def _tell(self, message: CalledBack) -> None:
        if threading.get_ident() == self._home:
            self._channel.post(message)
        else:
            self._channel.flush(message)

    def _loop_error(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, asyncio.CancelledError):
            return
        packed = pack_error(error) if error else None
        self._channel.flush(
            Note("loop_error", str(context.get("message"))[:300], raising_line(error), packed)
        )


def _came_back(outcome: object) -> str:
    return "pending" if outcome is None else type(outcome).__name__
