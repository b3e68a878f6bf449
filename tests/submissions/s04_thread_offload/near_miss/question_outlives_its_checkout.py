# expect: failed test_closes_without_leftovers
# expect: passed test_cancelled_while_queued
# expect: passed test_closing_does_not_block
# expect: passed test_pays_the_first_order
# mistake: the first question is shielded from cancellation, and its task outlives the desk
# kind: leak
import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from shop import NoOrders, ShopError


class Checkout:
    def __init__(self, services, sdk):
        self.services = services
        self.sdk = sdk

    async def __aenter__(self):
        self.pool = ThreadPoolExecutor(self.sdk.max_parallel, thread_name_prefix="charge")
        return self

    async def __aexit__(self, *exc_info):
        self.pool.shutdown(wait=False)  # takes nothing new; what it has goes on
        closing = asyncio.ensure_future(asyncio.to_thread(self.pool.shutdown))
        interrupted = None
        while not closing.done():
            try:
                await asyncio.shield(closing)
            except asyncio.CancelledError as cancelled:
                interrupted = cancelled
        if interrupted:
            raise interrupted

    async def checkout(self, user_id):
        user = await asyncio.shield(self.services.get_user_data(user_id))
        orders = await self.services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        details = await self.services.get_order_details(orders[0])
        # The pool is the limit: a thread that is inside keeps its place, whoever has left.
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.pool, copy_context().run, self.sdk.charge, details)

    async def checkout_many(self, user_ids):
        async def settle(user_id):
            try:
                return await self.checkout(user_id)
            except ShopError as failure:
                return failure

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(settle(user_id)) for user_id in user_ids]
        return [task.result() for task in tasks]
