"""Stage 4: the checkout over a blocking SDK. It is right, and it stops the world."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable
from typing import Self

sys.path.append(f"{sys.path[0]}/../../exercises")  # so that this file runs by itself

from shop import AsyncOrderServices, NoOrders, OrderDetails, Payment, PaymentSDK, ShopError


class Checkout:
    """A desk that takes payments through one SDK: `async with Checkout(services, sdk) as desk`."""

    def __init__(self, services: AsyncOrderServices, sdk: PaymentSDK) -> None:
        self.services = services
        self.sdk = sdk

    async def __aenter__(self) -> Self:
        """Open the desk."""
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        """Close the desk; charges that have begun are waited for."""
        # TODO: wait for the desk's threads without blocking the loop. One line will do until the
        # caller is cancelled meanwhile; that takes six more.

    async def checkout(self, user_id: int) -> Payment:
        """Pay the first order of a user.

        Raises:
            ShopError: The first step that failed; `NoOrders` if there is no order.
        """
        user = await self.services.get_user_data(user_id)
        orders = await self.services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        details = await self.services.get_order_details(orders[0])
        return await self._charge(details)

    async def checkout_many(self, user_ids: Iterable[int]) -> list[Payment | ShopError]:
        """Check out every user at the same time; when this ends, so have all of them.

        Returns:
            One payment or `ShopError` per user, in the order of `user_ids`.

        Raises:
            ExceptionGroup: Something else than a `ShopError` went wrong; the others were cancelled.
        """
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._outcome(user_id)) for user_id in user_ids]
        return [task.result() for task in tasks]

    async def _outcome(self, user_id: int) -> Payment | ShopError:
        """Check out one user of a batch, where a `ShopError` must not stop the others."""
        try:
            return await self.checkout(user_id)
        except ShopError as error:
            return error

    async def _charge(self, details: OrderDetails) -> Payment:
        """Charge in a thread; a charge whose caller leaves the queue is never made."""
        # TODO: this is correct, and nothing else runs while the SDK is busy. A few lines move the
        # charge to threads of the desk's own, as many as the SDK allows, in the caller's context.
        return self.sdk.charge(details)


if __name__ == "__main__":
    from shop.by_hand import run_thread_offload

    run_thread_offload(Checkout)
