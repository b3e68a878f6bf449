# expect: failed test_bug_stops_the_other_checkouts
# expect: passed test_pays_the_first_order test_bug_comes_out_of_the_batch
# mistake: a ValueError, which is a bug, becomes a result of the batch
# kind: behaviour
from __future__ import annotations

import asyncio
from collections.abc import Iterable

from shop import AsyncServices, NoOrders, Payment, ShopError


async def checkout(
    services: AsyncServices, user_id: int, *, timeout: float | None = None
) -> Payment:
    """Pay the first order of a user.

    Args:
        services: The four steps as coroutines.
        user_id: Whose order to pay.
        timeout: Seconds for the whole checkout; None waits for ever.

    Raises:
        ShopError: The first step that failed; `NoOrders` if there is no order.
        TimeoutError: The time is up. No step is under way any more.
    """
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        details = await services.get_order_details(orders[0])
        return await services.process_payment(details)


async def checkout_many(
    services: AsyncServices, user_ids: Iterable[int]
) -> list[Payment | ShopError]:
    """Check out every user at the same time; when this ends, so have all of them.

    Returns:
        One payment or `ShopError` per user, in the order of `user_ids`.

    Raises:
        ExceptionGroup: Something else than a `ShopError` went wrong; the others were cancelled.
    """
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_outcome(services, user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]


async def _outcome(services: AsyncServices, user_id: int) -> Payment | ShopError:
    """Check out one user of a batch; a `ShopError` that reached the group would stop the rest."""
    try:
        return await checkout(services, user_id)
    except (ShopError, ValueError) as error:
        return error
