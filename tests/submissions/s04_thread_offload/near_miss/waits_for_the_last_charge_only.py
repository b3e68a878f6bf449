# expect: failed test_closing_does_not_block
# expect: passed test_pays_the_first_order
# expect: passed test_closes_without_leftovers
# expect: passed test_cancelled_while_charging
# mistake: of two charges whose checkouts are gone, closing waits for the later one
# kind: leak
import asyncio
import threading
from contextvars import copy_context
from shop import NoOrders, ShopError


class Checkout:
    def __init__(self, services, sdk):
        self.services = services
        self.sdk = sdk
        self._free = asyncio.Semaphore(sdk.max_parallel)
        self._last = None

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc_info):
        if self._last is None:
            return
        closing = self._last
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
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._outcome(user_id)) for user_id in user_ids]
        return [task.result() for task in tasks]

    async def _outcome(self, user_id):
        try:
            return await self.checkout(user_id)
        except ShopError as error:
            return error

    async def _charge(self, details):
        await self._free.acquire()
        context, loop = (copy_context(), asyncio.get_running_loop())
        job = self._last = loop.create_future()
        job.add_done_callback(lambda j: (self._free.release(), j.exception()))

        def run():
            try:
                how, outcome = (job.set_result, context.run(self.sdk.charge, details))
            except BaseException as error:
                how, outcome = (job.set_exception, error)
            loop.call_soon_threadsafe(how, outcome)

        threading.Thread(target=run, daemon=True).start()
        return await asyncio.shield(job)
