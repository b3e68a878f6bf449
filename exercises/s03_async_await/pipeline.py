"""Stage 3: the checkout with async and await, which reads as if it were synchronous."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable

sys.path.append(f"{sys.path[0]}/../../exercises")  # so that this file runs by itself

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
    # TODO: stage 2 made a future of each step and went on in a callback. `await` does both: one
    # line for each step, two for NoOrders, one for the time.
    raise NotImplementedError("Stage 3: write checkout, one await for each of the four steps.")


async def checkout_many(
    services: AsyncServices, user_ids: Iterable[int]
) -> list[Payment | ShopError]:
    """Check out every user at the same time; when this ends, so have all of them.

    Returns:
        One payment or `ShopError` per user, in the order of `user_ids`.

    Raises:
        ExceptionGroup: Something else than a `ShopError` went wrong; the others were cancelled.
    """
    # TODO: three lines, and a coroutine of four that makes a value of a ShopError.
    raise NotImplementedError("Stage 3: write checkout_many, a task for each user.")


if __name__ == "__main__":
    from shop.by_hand import run_async_await

    run_async_await(checkout, checkout_many)
