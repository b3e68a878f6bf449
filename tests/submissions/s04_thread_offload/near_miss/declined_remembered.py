# expect: failed test_payment_declined
# expect: passed test_pays_the_first_order
# expect: passed test_no_orders
# expect: passed test_batch_keeps_order_and_failures
# mistake: who was declined once is declined for ever, without being charged
# kind: behaviour
import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from shop import NoOrders, ShopError


class Checkout:
    def __init__(self, services, sdk):
        self.services = services
        self.sdk = sdk
        self._declined = {}
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
        if user_id in self._declined:
            raise self._declined[user_id]
        user = await self.services.get_user_data(user_id)
        orders = await self.services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        details = await self.services.get_order_details(orders[0])
        try:
            return await self._charge(details)
        except ShopError as error:
            self._declined[user_id] = error
            raise

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
        context = copy_context()
        return await asyncio.get_running_loop().run_in_executor(
            self._turns, lambda: context.run(self.sdk.charge, details)
        )
