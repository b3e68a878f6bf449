"""Carries out what the judge orders, and reports what comes of it."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import shop
from grader.child import services as faces
from grader.child import streams
from grader.child.calls import Calls
from grader.child.places import task_state
from grader.child.program import Program
from grader.child.watching import DETECTOR, tell
from grader.protocol.messages import (
    Answer,
    Apply,
    AskBlocked,
    AskLines,
    AskTasks,
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
from grader.protocol.values import pack

if TYPE_CHECKING:
    from types import ModuleType

    from grader.child.channel import Channel
    from grader.child.loop import JudgedLoop
    from grader.child.streams import Consumer, Errand
    from grader.protocol.wire import AnyWire


class Runner(Calls):
    """One submission on one loop, from the first order to the last."""

    def __init__(self, loop: JudgedLoop, channel: Channel, side: AnyWire, order: Load) -> None:
        loop.judged.take = self.take
        asyncio.set_event_loop(loop)
        loop.set_debug(True)  # it checks the thread of call_soon, and keeps origins of coroutines
        loop.set_exception_handler(self._loop_error)
        if order.default_threads:
            loop.set_default_executor(ThreadPoolExecutor(order.default_threads, "default"))
        super().__init__(loop, channel, side, order)
        self._side = side
        self._program: Program | None = None
        self._consumers: dict[int, Consumer] = {}
        self._finished = self.loop.create_future()
        self._main: asyncio.Task[None] | None = None

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
        ours = self._ours()
        self._going_on.clear()
        for task in left:
            if task not in ours:
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
                self._open_desk(item)
            case CloseDesk():
                self._close_desk(item)
            case UseExecutor():
                self._follow(item.operation, self.loop.run_in_executor(None, int))
            case Read():
                value = getattr(self._module, item.name, None)
                self._channel.post(Ended(item.operation, "value", pack(value)))

    def _others(self) -> list[asyncio.Task[Any]]:
        mine = (self._main, getattr(self, "_desk_task", None), *self._ours())
        return [task for task in asyncio.all_tasks(self.loop) if task not in mine]

    def _ours(self) -> set[asyncio.Task[Any] | None]:
        """The tasks that go through the submission's streams, or have something else to do since it was called."""
        return {*self._going_on, *(consumer.task for consumer in self._consumers.values())}

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
