"""Stage 11: every task has an owner, every wait a scope; and a payment that has begun is carried through."""

from __future__ import annotations

import sys
from collections.abc import Iterable

sys.path.append(f"{sys.path[0]}/../../exercises")  # so that this file runs by itself

import anyio

from shop import AsyncServices, Payment, ShopError


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
    # TODO: a scope with a deadline round stage 3's four steps. What if it ends while the payment is
    # under way? And what if asyncio cancels the task, which no scope has heard of? On trio there is
    # no asyncio: write with anyio alone.
    raise NotImplementedError("Stage 11: write checkout, with a scope and a shield.")


async def checkout_many(
    services: AsyncServices, user_ids: Iterable[int], *, patience: float
) -> list[Payment | ShopError | None]:
    """Check out every user at the same time; when this ends, so have all of them.

    Returns:
        One payment, `ShopError`, or None per user, in the order of `user_ids`.
    """
    # TODO: a task group, a task for each user, and a slot for each outcome; about eight lines.
    raise NotImplementedError("Stage 11: write checkout_many, with a task group.")


if __name__ == "__main__":
    from shop.by_hand import run_structured_concurrency

    run_structured_concurrency(checkout, checkout_many)
