"""Stage 12: a stream of checkouts that never runs further ahead than its caller can follow."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterable, AsyncIterator
from typing import TypeAlias

sys.path.append(f"{sys.path[0]}/../../exercises")  # so that this file runs by itself

from shop import AsyncServices, NoOrders, Payment, ShopError

Outcome: TypeAlias = "asyncio.Task[Payment | ShopError]"


async def checkout(services: AsyncServices, user_id: int) -> Payment:
    """Pay the first order of a user; stage 3's."""
    user = await services.get_user_data(user_id)
    orders = await services.get_orders(user)
    if not orders:
        raise NoOrders(user_id)
    details = await services.get_order_details(orders[0])
    return await services.process_payment(details)


async def checkout_stream(
    services: AsyncServices, ids: AsyncIterable[int], limit: int
) -> AsyncIterator[Payment | ShopError]:
    """Check users out as their ids come, and give the results in the order of the ids.

    Args:
        services: The four steps as coroutines.
        ids: Read one by one, by one reader at a time.
        limit: Checkouts that are under way, or over and not taken yet; >= 1.

    Yields:
        One payment or `ShopError` per id.
    """
    room = asyncio.Semaphore(limit)
    begun: asyncio.Queue[Outcome | None] = asyncio.Queue()
    under_way: set[Outcome] = set()
    reader = asyncio.create_task(_read(services, ids, room, begun, under_way))
    try:
        while task := await begun.get():
            yield await task
            under_way.remove(task)
            room.release()  # now that the caller has come back for more
        await reader  # if the ids ended with an error, it comes out here
    finally:
        for started in (reader, *under_way):
            started.cancel()
        await asyncio.gather(reader, *under_way, return_exceptions=True)


async def _read(
    services: AsyncServices,
    ids: AsyncIterable[int],
    room: asyncio.Semaphore,
    begun: asyncio.Queue[Outcome | None],
    under_way: set[Outcome],
) -> None:
    """Begin a checkout for each id, and read none before there is room for it."""
    try:
        await room.acquire()
        async for user_id in ids:
            task = asyncio.create_task(_outcome(services, user_id))
            under_way.add(task)
            begun.put_nowait(task)
            await room.acquire()
    finally:
        begun.put_nowait(None)


async def _outcome(services: AsyncServices, user_id: int) -> Payment | ShopError:
    try:
        return await checkout(services, user_id)
    except ShopError as error:
        return error


if __name__ == "__main__":
    from shop.by_hand import run_backpressure

    run_backpressure(checkout_stream)
