"""Stage 12: a stream of checkouts that never runs further ahead than its caller can follow."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterable, AsyncIterator

sys.path.append(f"{sys.path[0]}/../../exercises")  # so that this file runs by itself

from shop import AsyncServices, NoOrders, Payment, ShopError


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
    # TODO: a reader that begins checkouts, the results in order, and an end to all of it whoever
    # closes the stream; about 25 lines. What has to happen before the next id is read?
    raise NotImplementedError("Stage 12: write checkout_stream, which yields the results.")
    yield  # makes this an async generator


if __name__ == "__main__":
    from shop.by_hand import run_backpressure

    run_backpressure(checkout_stream)
