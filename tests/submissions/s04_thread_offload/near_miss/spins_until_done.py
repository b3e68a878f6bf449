# expect: failed test_loop_turns_while_charging
# expect: failed test_loop_turns_while_charges_queue
# expect: passed test_failed_step_ends_the_checkout
# expect: passed test_no_orders
# mistake: an empty loop until the job has ended
# kind: blocking|limit
# line: 41
import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from shop import NoOrders, ShopError

A_WHILE = 0.005


class Checkout:
    def __init__(self, services, sdk):
        self.services = services
        self.sdk = sdk

    async def __aenter__(self):
        self.pool = ThreadPoolExecutor(self.sdk.max_parallel)
        return self

    async def __aexit__(self, *exc_info):
        self.pool.shutdown(wait=False)
        threads = self.pool._threads
        cancelled = None
        while any(thread.is_alive() for thread in threads):
            try:
                await asyncio.sleep(A_WHILE)
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled:
            raise cancelled

    async def charge(self, details):
        job = self.pool.submit(copy_context().run, self.sdk.charge, details)
        try:
            while not job.done():
                pass
        except asyncio.CancelledError:
            job.cancel()
            raise
        return job.result()

    async def checkout(self, user_id):
        user = await self.services.get_user_data(user_id)
        orders = await self.services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        return await self.charge(await self.services.get_order_details(orders[0]))

    async def checkout_many(self, user_ids):
        async def settle(user_id):
            try:
                return await self.checkout(user_id)
            except ShopError as failure:
                return failure

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(settle(user_id)) for user_id in user_ids]
        return [task.result() for task in tasks]
