"""The calls of the submission's own functions: of its module, or of its desk."""

from __future__ import annotations

import asyncio
import functools
import inspect
from typing import TYPE_CHECKING, Any

from grader.child import services as faces
from grader.child.reports import Reports
from grader.protocol.messages import (
    TRIO,
    Apply,
    CloseDesk,
    Ended,
    Load,
    OpenDesk,
    Start,
    Started,
)
from grader.protocol.values import CallersBug, Given, Listed, pack, unpack

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from grader.child.channel import Channel
    from grader.child.loop import JudgedLoop
    from grader.child.trio_run import TrioRun
    from grader.protocol.wire import AnyWire


class Calls(Reports):
    """Calls what an order names, with the services and the callbacks that belong to it."""

    def __init__(self, loop: JudgedLoop, channel: Channel, side: AnyWire, order: Load) -> None:
        super().__init__(loop, channel)
        self._order = order
        self._services = self._face()
        self._sdk = faces.SDK(channel, side, order.max_parallel) if order.max_parallel else None
        self._module: ModuleType | None = None
        self._desk: Any = None
        self._scopes: dict[int, Any] = {}
        self._trio = self._trio_run()

    def _face(self) -> faces.CallbackServices | faces.CoroutineServices:
        if self._order.backend == TRIO:
            from grader.child.trio_services import TrioServices  # noqa: PLC0415 - warm, where it is wanted

            return TrioServices(self._channel)
        if self._order.services == "callbacks":
            return faces.CallbackServices(self._channel)
        if self._order.max_parallel:
            return faces.CoroutineServices(self._channel)
        return faces.PayingCoroutineServices(self._channel)

    def _trio_run(self) -> TrioRun | None:
        """The run of trio, if the submission is judged on it."""
        if self._order.backend != TRIO:
            return None
        from grader.child.trio_run import TrioRun  # noqa: PLC0415 - as above

        run = TrioRun(self.loop, self._channel, self._services.forget)
        self.loop.judged.turning = run.turning
        return run

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
        return self._started(order, outcome)

    def _started(self, order: Start, outcome: Any) -> None:  # noqa: ANN401 - what the submission gave
        done = asyncio.isfuture(outcome) and outcome.done()
        if self._order.ends_by == "future" and asyncio.isfuture(outcome):
            self._channel.post(Started(order.operation, "done" if done else "pending"))
            self._follow(order.operation, outcome)
        elif self._order.ends_by != "future" and inspect.isawaitable(outcome):
            self._channel.post(Started(order.operation, "done" if done else "pending"))
            self._await(order, outcome)
        else:
            self._channel.post(Started(order.operation, type(outcome).__name__))
            self._channel.post(Ended(order.operation, "value", pack(outcome)))

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

    async def _scoped(self, operation: int, call: Callable[[], Any]) -> Any:  # noqa: ANN401 - what the submission gives
        import anyio  # noqa: PLC0415 - warm already; named only where it is used

        with anyio.CancelScope() as self._scopes[operation]:
            return await call()
        raise asyncio.CancelledError

    # ---- with callables of ours

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

    # ---- the desk

    def _open_desk(self, order: OpenDesk) -> None:
        assert self._sdk
        self._closing, opened = self.loop.create_future(), self.loop.create_future()
        sdk = self._sdk.limited_to(order.max_parallel)
        self._desk_task = self.loop.create_task(self._keep_desk(sdk, opened))
        self._follow(order.operation, opened)

    def _close_desk(self, order: CloseDesk) -> None:
        if order.raises:
            self._closing.set_exception(CallersBug("the body of the async with raised"))
        else:
            self._closing.set_result(None)
        self._follow(order.operation, self._desk_task)

    async def _keep_desk(self, sdk: faces.SDK, opened: asyncio.Future[None]) -> None:
        try:
            desk = getattr(self._module, str(self._order.desk))
            async with desk(self._services, sdk) as self._desk:
                opened.set_result(None)
                await self._closing
        except BaseException as error:
            if opened.done():
                raise
            opened.set_exception(error)


def _came_back(outcome: object) -> str:
    return "pending" if outcome is None else type(outcome).__name__
