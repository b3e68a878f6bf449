# expect: failed test_closes_without_leftovers
# expect: passed test_pays_the_first_order
# expect: passed test_bug_in_the_sdk
# expect: passed test_batch_keeps_order_and_failures
# mistake: a watchdog of the batch is left running when a bug comes out
# kind: leak
import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from shop import NoOrders, ShopError


class Checkout:
    def __init__(self, services, sdk):
        self.services = services
        self.sdk = sdk
        self._turns = ThreadPoolExecutor(sdk.max_parallel, thread_name_prefix="charge")

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc_info):
        closing = asyncio.get_running_loop().run_in_executor(None, self._turns.shutdown)
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
            raise NoOrders(user_id)
        details = await self.services.get_order_details(orders[0])
        return await self._charge(details)

    async def checkout_many(self, user_ids):
        watchdog = asyncio.create_task(asyncio.sleep(3600))
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._outcome(user_id)) for user_id in user_ids]
        watchdog.cancel()
        return [task.result() for task in tasks]

    async def _outcome(self, user_id):
        try:
            return await self.checkout(user_id)
        except ShopError as error:
            return error

    async def _charge(self, details):
        context = copy_context()
        return await asyncio.get_running_loop().run_in_executor(
            self._turns, lambda: context.run(self.sdk.charge, details)
        )
