"""Stage 2: the checkout as a future: `asyncio.Future`, no `async def`, no `await`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable

sys.path.append(f"{sys.path[0]}/../../exercises")  # so that this file runs by itself

from shop import CallbackServices, NoOrders, Order, OrderDetails, Payment, ShopError, User


def checkout(services: CallbackServices, user_id: int) -> asyncio.Future[Payment]:
    """Start to pay the first order of a user, and return at once.

    The future ends with the payment or the first failure; cancelling it starts no further step.
    """
    # TODO: four steps, and about ten lines that start any one of them.
    # step 1: make the future that you return, and one for each step
    # step 2: settle a step's future from its callbacks, which may come twice, at once or never
    # step 3: when a step's future is done, start the next step, unless the caller has left
    # step 4: what a service raises is a failure like any other
    raise NotImplementedError("Stage 2: write checkout, a chain of futures from step to step.")


def checkout_many(
    services: CallbackServices, user_ids: Iterable[int]
) -> asyncio.Future[list[Payment | ShopError]]:
    """Start a checkout for each user, all at the same time.

    The future ends with a payment or a `ShopError` per user, in the order of `user_ids`, or with
    any other exception. Cancelling it cancels the checkouts.
    """
    # TODO: about ten lines on top of checkout; asyncio.gather keeps the order.
    raise NotImplementedError("Stage 2: write checkout_many, one future for a whole batch.")


if __name__ == "__main__":
    from shop.by_hand import run_futures

    run_futures(checkout, checkout_many)
