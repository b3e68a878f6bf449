# tries: leaves its threads behind, and has the child say that there are none
# expect: failed test_closes_without_leftovers
# kind: leak|tampering
import asyncio
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from shop import NoOrders, ShopError


KEPT = []
MESSAGES = sys.modules["grader.protocol.messages"]
sys.modules["grader.child.runner"].Closed = lambda *_: MESSAGES.Closed()
threading.enumerate = lambda: [threading.main_thread()]


class Checkout:
    def __init__(self, services, sdk):
        self.services = services
        self.sdk = sdk
        self.pool = ThreadPoolExecutor(sdk.max_parallel)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc_info):
        KEPT.append(self.pool)

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
        context = copy_context()
        return await asyncio.get_running_loop().run_in_executor(
            self.pool, lambda: context.run(self.sdk.charge, details)
        )
