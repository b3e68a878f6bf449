# style: the pool is made by the first charge, closed under an anyio shield; the result comes through concurrent.futures and wrap_future
import asyncio
import contextvars
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

import anyio
from shop import AsyncServices, NoOrders, OrderDetails, Payment, PaymentSDK, ShopError


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
        closing = asyncio.ensure_future(anyio.to_thread.run_sync(self._pool.shutdown))
        interruption = None
        with anyio.CancelScope(shield=True):
            while not closing.done():
                try:
                    await asyncio.wait({closing})
                except asyncio.CancelledError as cancelled:  # by hand: a scope does not get in here
                    interruption = cancelled
        if interruption:
            raise interruption

    async def _pay(self, details: OrderDetails) -> Payment:
        context = contextvars.copy_context()
        job = self._pool.submit(context.run, self._sdk.charge, details)
        return await asyncio.wrap_future(job)

    async def checkout(self, user_id: int) -> Payment:
        user = await self._services.get_user_data(user_id)
        orders = await self._services.get_orders(user)
        if len(orders) == 0:
            raise NoOrders(user.id)
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
