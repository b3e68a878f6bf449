# expect: failed test_no_orders
# expect: passed test_pays_the_first_order
# expect: passed test_failed_step_ends_the_checkout
# expect: passed test_payment_declined
# mistake: orders[0] without a look whether there is one
# kind: behaviour
import asyncio
import contextvars
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

import anyio
from shop import AsyncServices, OrderDetails, Payment, PaymentSDK, ShopError


class Checkout:
    def __init__(self, services: AsyncServices, sdk: PaymentSDK) -> None:
        self._services = services
        self._sdk = sdk

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(max_workers=self._sdk.max_parallel)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc_info) -> None:
        if "_pool" not in self.__dict__:
            return
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(self._pool.shutdown)

    async def _pay(self, details: OrderDetails) -> Payment:
        context = contextvars.copy_context()
        job = self._pool.submit(context.run, self._sdk.charge, details)
        return await asyncio.wrap_future(job)

    async def checkout(self, user_id: int) -> Payment:
        user = await self._services.get_user_data(user_id)
        orders = await self._services.get_orders(user)
        return await self._pay(await self._services.get_order_details(orders[0]))

    async def checkout_many(self, user_ids) -> list[Payment | ShopError]:
        async def settle(user_id: int) -> Payment | ShopError:
            try:
                return await self.checkout(user_id)
            except ShopError as failure:
                return failure

        tasks = [asyncio.ensure_future(settle(user_id)) for user_id in user_ids]
        try:
            return await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
