# expect: failed test_bug_in_the_sdk test_cancelled_while_charging
# expect: passed test_pays_the_first_order test_limit_of_one test_limit_of_three test_payment_declined
# mistake: each charge has a pool in a `with`, and whoever is cancelled waits at its end, on the loop, for the charge
# kind: blocking
# line: 27
import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from shop import NoOrders, ShopError


class Checkout:
    def __init__(self, services, sdk):
        self.services = services
        self.sdk = sdk
        self.turns = asyncio.Semaphore(sdk.max_parallel)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc_info):
        pass

    async def charge(self, details):
        async with self.turns:
            with ThreadPoolExecutor(1) as pool:
                run = copy_context().run
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(pool, run, self.sdk.charge, details)

    async def checkout(self, user_id):
        user = await self.services.get_user_data(user_id)
        orders = await self.services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        details = await self.services.get_order_details(orders[0])
        return await self.charge(details)

    async def checkout_many(self, user_ids):
        async def settle(user_id):
            try:
                return await self.checkout(user_id)
            except ShopError as failure:
                return failure

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(settle(user_id)) for user_id in user_ids]
        return [task.result() for task in tasks]
