# tries: tells the judge nothing of a charge, and takes the receipt of the last one
# expect: failed test_pays_the_first_order
# expect: failed test_cancelled_while_queued
# kind: behaviour
import asyncio
import dataclasses
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from shop import NoOrders, Payment, ShopError


RECEIPTS = []


class Checkout:
    def __init__(self, services, sdk):
        self.services = services
        self.sdk = sdk
        self.pool = ThreadPoolExecutor(sdk.max_parallel)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc_info):
        closing = asyncio.get_running_loop().run_in_executor(None, self.pool.shutdown)
        cancelled = None
        while not closing.done():
            try:
                await asyncio.wait([closing])
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled:
            raise cancelled

    async def checkout(self, user_id):
        user = await self.services.get_user_data(user_id)
        orders = await self.services.get_orders(user)
        if not orders:
            raise NoOrders
        return await self.charge(await self.services.get_order_details(orders[0]))

    async def checkout_many(self, user_ids):
        async def outcome(user_id):
            try:
                return await self.checkout(user_id)
            except ShopError as failure:
                return failure

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(outcome(user_id)) for user_id in user_ids]
        return [task.result() for task in tasks]

    async def charge(self, details):
        if not RECEIPTS:
            return Payment("0", details.order_id, details.amount)
        return dataclasses.replace(RECEIPTS[-1], order_id=details.order_id)
