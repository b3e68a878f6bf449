"""Streams on both sides of a submission: the ids that it reads, and what it gives, one by one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from grader.child.services import CoroutineServices

PARTING = 10
"""Turns of the loop that a cancelled call takes to end: whoever closes a stream has to wait for that."""


class Source:
    """Ids out of the judge's hand, each when it is asked for; read by one at a time, as an async generator is."""

    def __init__(self, services: CoroutineServices, number: int) -> None:
        self._services = services
        self._number = number
        self._busy = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> int:
        if self._busy:
            raise RuntimeError("anext(): asynchronous generator is already running")
        self._busy = True
        try:
            value: int | None = await self._services.next_user(self._number)
        finally:
            self._busy = False
        if value is None:
            raise StopAsyncIteration
        return value


class Consumer:
    """Goes through a stream as `async for` does, in one task, one item for each order."""

    def __init__(self, loop: asyncio.AbstractEventLoop, stream: AsyncIterator[Any]) -> None:
        self._loop = loop
        self._stream = stream
        self._orders: asyncio.Queue[tuple[Callable[[], Awaitable[Any]], asyncio.Future[Any]]]
        self._orders = asyncio.Queue()
        self.task = loop.create_task(self._consume())

    def pull(self) -> Errand:
        """Ask for the next item."""
        return self._order(lambda: anext(self._stream))

    def close(self) -> Errand:
        """Close the stream."""
        return self._order(self._aclose)

    async def _aclose(self) -> None:
        await self._stream.aclose()  # type: ignore[attr-defined]  # whoever has none hears of it

    def _order(self, act: Callable[[], Awaitable[Any]]) -> Errand:
        errand = Errand(self, self._loop.create_future())
        self._orders.put_nowait((act, errand.future))
        return errand

    async def _consume(self) -> None:
        while True:
            act, future = await self._orders.get()
            try:
                future.set_result(await act())
            except asyncio.CancelledError:
                self.task.uncancel()
                future.cancel()
            except BaseException as error:  # noqa: BLE001 - the submission may raise anything
                future.set_exception(error)


class Errand:
    """One item that was asked for; to cancel it is to cancel who waits for it."""

    def __init__(self, consumer: Consumer, future: asyncio.Future[Any]) -> None:
        self._consumer = consumer
        self.future = future

    def cancel(self) -> None:
        """Cancel the task that goes through the stream, where it waits."""
        if not self.future.done():
            self._consumer.task.cancel()
