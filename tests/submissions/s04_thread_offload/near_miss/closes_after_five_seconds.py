# expect: failed test_closing_does_not_block
# expect: failed test_left_by_an_exception
# expect: passed test_closes_without_leftovers
# expect: passed test_pays_the_first_order
# expect: passed test_cancelled_while_charging
# mistake: closing waits for five seconds, and leaves the charges that take longer
# kind: leak
import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from shop import NoOrders, ShopError

GRACE_PERIOD = 5.0
logger = logging.getLogger(__name__)


class Checkout:
    def __init__(self, services, sdk):
        self._services = services
        self._sdk = sdk
        self._executor = ThreadPoolExecutor(sdk.max_parallel, thread_name_prefix="charge")
        self._jobs = set()

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc_info):
        closing = asyncio.create_task(self._close())
        cancelled = None
        while not closing.done():
            try:
                await asyncio.shield(closing)
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled is not None:
            raise cancelled

    async def _close(self):
        try:
            async with asyncio.timeout(GRACE_PERIOD):
                await self._drained()
        except TimeoutError:
            logger.warning("%d charges do not end", len(self._jobs))
            self._executor.shutdown(wait=False, cancel_futures=True)
        else:
            await asyncio.to_thread(self._executor.shutdown)

    async def _drained(self):
        loop = asyncio.get_running_loop()
        empty = asyncio.Event()
        for job in list(self._jobs):
            job.add_done_callback(lambda _: loop.call_soon_threadsafe(self._look, empty))
        self._look(empty)
        await empty.wait()

    def _look(self, empty):
        if all((job.done() for job in list(self._jobs))):
            empty.set()

    async def checkout(self, user_id):
        user = await self._services.get_user_data(user_id)
        orders = await self._services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        details = await self._services.get_order_details(orders[0])
        return await self._charge(details)

    async def _charge(self, details):
        job = self._executor.submit(copy_context().run, self._sdk.charge, details)
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)
        return await asyncio.wrap_future(job)

    async def checkout_many(self, user_ids):
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._outcome(user_id)) for user_id in user_ids]
        return [task.result() for task in tasks]

    async def _outcome(self, user_id):
        try:
            return await self.checkout(user_id)
        except ShopError as error:
            return error
