# expect: failed test_charge_sees_the_callers_context
# expect: passed test_pays_the_first_order test_limit_of_three
# mistake: the checkouts of a batch run in a context of their own, without its request id
# kind: behaviour
from __future__ import annotations

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Self

from shop import AsyncOrderServices, NoOrders, OrderDetails, Payment, PaymentSDK, ShopError


class Checkout:
    """A desk that takes payments through one SDK: `async with Checkout(services, sdk) as desk`."""

    def __init__(self, services: AsyncOrderServices, sdk: PaymentSDK) -> None:
        self.services = services
        self.sdk = sdk
        # A thread is a turn at the SDK: there are as many as it allows, and one is given back when
        # its charge ends, not when its caller leaves.
        self._turns = ThreadPoolExecutor(sdk.max_parallel, thread_name_prefix="charge")

    async def __aenter__(self) -> Self:
        """Open the desk."""
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        """Close the desk; charges that have begun are waited for."""
        # Waiting for threads blocks, so it is done in a thread; and however often we are cancelled,
        # that thread is not left behind.
        closing = asyncio.get_running_loop().run_in_executor(None, self._turns.shutdown)
        cancelled: asyncio.CancelledError | None = None
        while not closing.done():
            try:
                await asyncio.wait([closing])
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled:
            raise cancelled

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
            tasks = [group.create_task(self._outcome(user_id), context=__import__("contextvars").Context()) for user_id in user_ids]
        return [task.result() for task in tasks]

    async def _outcome(self, user_id: int) -> Payment | ShopError:
        """Check out one user of a batch, where a `ShopError` must not stop the others."""
        try:
            return await self.checkout(user_id)
        except ShopError as error:
            return error

    async def _charge(self, details: OrderDetails) -> Payment:
        """Charge in a thread; a charge whose caller leaves the queue is never made."""
        # Copied here and not in the thread, which has a context of its own.
        context = copy_context()
        return await asyncio.get_running_loop().run_in_executor(
            self._turns, lambda: context.run(self.sdk.charge, details)
        )
