"""What the judge is told of operations: how they came back, how they ended, what their caller heard."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

from grader.child.places import calling_line, raising_line
from grader.protocol.messages import (
    CalledBack,
    Ended,
    Note,
    Start,
    Started,
)
from grader.protocol.values import CallersBug, pack, pack_error

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from grader.child.channel import Channel
    from grader.child.loop import JudgedLoop
    from grader.child.streams import Errand


class Reports:
    """Tells what came of each operation, as soon as it is known."""

    def __init__(self, loop: JudgedLoop, channel: Channel) -> None:
        self.loop = loop
        self._channel = channel
        self._home = threading.get_ident()
        self._futures: dict[int, asyncio.Future[Any] | Errand] = {}
        self._going_on: set[asyncio.Task[Any] | None] = set()
        """Callers whose call is over, and who do something else."""

    def _raised(self, operation: int, error: BaseException) -> None:
        self._channel.post(Started(operation, "raised", raising_line(error)))
        self._failed(operation, error)

    def _failed(self, operation: int, error: BaseException) -> None:
        raised = pack_error(error, line=raising_line(error))
        self._channel.post(Ended(operation, "error", raised))

    def _follow(self, operation: int, future: asyncio.Future[Any]) -> None:
        self._futures[operation] = future
        future.add_done_callback(lambda future: self._ended(operation, future))

    def _await(self, order: Start, outcome: Awaitable[Any]) -> None:
        """Have a task await it. Of an end by cancellation is told when the task has ended, too."""
        caller = self._futures[order.operation] = self.loop.create_task(
            self._awaited(order, outcome)
        )

        def over(caller: asyncio.Task[None]) -> None:
            if caller.cancelled() or caller.exception():
                self._ended(order.operation, caller)

        caller.add_done_callback(over)

    async def _awaited(self, order: Start, outcome: Awaitable[Any]) -> None:
        """Await as a caller does: what is told then is true at its very next line, and not a turn later."""
        try:
            value = await outcome
        except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001 - the submission may raise anything
            self._failed(order.operation, error)
        else:
            self._channel.post(Ended(order.operation, "value", pack(value)))
        if order.goes_on:
            await self._go_on(order)

    async def _go_on(self, order: Start) -> None:
        """Do something else for a while, which is no business of what was called before."""
        self._going_on.add(asyncio.current_task())
        try:
            await asyncio.sleep(order.goes_on)
        except asyncio.CancelledError:
            if self._going_on:  # else all is over, and we are sent home
                self._channel.flush(Note("disturbed", order.what))

    def _ended(self, operation: int, future: asyncio.Future[Any]) -> None:
        error = asyncio.CancelledError() if future.cancelled() else future.exception()
        if isinstance(
            error, asyncio.CancelledError
        ):  # a cancelled gather() is not .cancelled() on 3.11
            self._channel.post(Ended(operation, "cancelled"))
        elif error is not None:
            self._failed(operation, error)
        else:
            self._channel.post(Ended(operation, "value", pack(future.result())))

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
                    raise CallersBug(f"the caller's own {which} raised (run {operation})")

            return call_back

        return [callback("on_done"), callback("on_error")]

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
