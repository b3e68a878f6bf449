"""Stage 11: every task has an owner, every wait a scope; and a payment that has begun is carried through."""

from __future__ import annotations

import sys
from collections.abc import Iterable

sys.path.append(f"{sys.path[0]}/../../exercises")  # so that this file runs by itself

import anyio

from shop import AsyncServices, NoOrders, OrderDetails, Payment, ShopError


async def checkout(services: AsyncServices, user_id: int, *, patience: float) -> Payment | None:
    """Pay the first order of a user, or give up in time.

    Args:
        services: The four steps as coroutines.
        user_id: Whose order to pay.
        patience: Seconds after which it gives up, unless it is paying already.

    Returns:
        The payment; None if it gave up.

    Raises:
        ShopError: The first step that failed; `NoOrders` if there is no order.
    """
    with anyio.move_on_after(patience):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        details = await services.get_order_details(orders[0])
        return await _pay(services, details)
    return None


async def _pay(services: AsyncServices, details: OrderDetails) -> Payment:
    """Pay, and come back when that is over, whoever is cancelled meanwhile.

    The outer shield keeps scopes off this wait. What asyncio cancels is this task: the group then waits for its
    child, which has a shield of its own.
    """
    outcomes: list[Payment | ShopError] = []

    async def pay() -> None:
        with anyio.CancelScope(shield=True):
            try:
                outcomes.append(await services.process_payment(details))
            except ShopError as error:  # out of a group it would come in a group
                outcomes.append(error)

    with anyio.CancelScope(shield=True):
        async with anyio.create_task_group() as group:
            group.start_soon(pay)
    if isinstance(outcomes[0], ShopError):
        raise outcomes[0]
    return outcomes[0]


async def checkout_many(
    services: AsyncServices, user_ids: Iterable[int], *, patience: float
) -> list[Payment | ShopError | None]:
    """Check out every user at the same time; when this ends, so have all of them.

    Returns:
        One payment, `ShopError`, or None per user, in the order of `user_ids`.
    """
    outcomes: dict[int, Payment | ShopError | None] = {}

    async def fill(slot: int, user_id: int) -> None:
        try:
            outcomes[slot] = await checkout(services, user_id, patience=patience)
        except ShopError as error:
            outcomes[slot] = error

    async with anyio.create_task_group() as group:
        for slot, user_id in enumerate(user_ids):
            group.start_soon(fill, slot, user_id)
    return [outcomes[slot] for slot in sorted(outcomes)]


if __name__ == "__main__":
    from shop.by_hand import run_structured_concurrency

    run_structured_concurrency(checkout, checkout_many)
