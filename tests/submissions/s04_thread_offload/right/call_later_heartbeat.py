"""A heartbeat by call_later every 50 ms, rescheduled by itself and cancelled at the end; debug mode with a log."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from shop import NoOrders, ShopError


async def seen_through(future):
    """Wait for a future to the end; a cancellation is kept until then, and raised afterwards."""
    cancelled = None
    while not future.done():
        try:
            await asyncio.wait([future])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled


class Heart:
    def __init__(self, period):
        self.loop, self.period, self.beats = asyncio.get_running_loop(), period, 0
        self.handle = self.loop.call_later(period, self.beat)

    def beat(self):
        self.beats += 1
        self.handle = self.loop.call_later(self.period, self.beat)

    def stop(self):
        self.handle.cancel()


class Checkout:
    def __init__(self, services, sdk):
        self.services, self.sdk = services, sdk
        self.pool = ThreadPoolExecutor(sdk.max_parallel)

    async def __aenter__(self):
        self.heart = Heart(0.05)
        return self

    async def __aexit__(self, *exc_info):
        try:
            await seen_through(asyncio.get_running_loop().run_in_executor(None, self.pool.shutdown))
        finally:
            self.heart.stop()

    async def checkout(self, user_id: int):
        user = await self.services.get_user_data(user_id)
        orders = await self.services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        details = await self.services.get_order_details(orders[0])
        return await self._charge(details)

    async def checkout_many(self, user_ids):
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._outcome(user_id)) for user_id in user_ids]
        return [task.result() for task in tasks]

    async def _outcome(self, user_id):
        try:
            return await self.checkout(user_id)
        except ShopError as error:
            return error

    async def _charge(self, details):
        return await asyncio.get_running_loop().run_in_executor(self.pool, copy_context().run, self.sdk.charge, details)
