# expect: failed test_leaves_the_default_executor_free
# expect: passed test_pays_the_first_order
# expect: passed test_payment_declined
# expect: passed test_limit_of_three
# expect: passed test_limit_over_single_checkouts
# mistake: charges of single checkouts wait in the default executor, those of batches in a pool of the desk's
# kind: behaviour
import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from shop import NoOrders, ShopError


class Checkout:
    def __init__(self, services, sdk):
        self.services = services
        self.sdk = sdk
        self._turns = ThreadPoolExecutor(sdk.max_parallel, thread_name_prefix="charge")
        self._open = set()
        self._lock = threading.Semaphore(sdk.max_parallel)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc_info):
        closing = asyncio.get_running_loop().run_in_executor(None, self._turns.shutdown)
        cancelled = None
        while not closing.done() or self._open:
            try:
                await asyncio.wait([closing, *self._open])
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled:
            raise cancelled

    async def checkout(self, user_id, *, batch=False):
        user = await self.services.get_user_data(user_id)
        orders = await self.services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        details = await self.services.get_order_details(orders[0])
        return await self._charge(details, self._turns if batch else None)

    async def checkout_many(self, user_ids):
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._outcome(user_id)) for user_id in user_ids]
        return [task.result() for task in tasks]

    async def _outcome(self, user_id):
        try:
            return await self.checkout(user_id, batch=True)
        except ShopError as error:
            return error

    def _locked(self, details, left):
        with self._lock:
            return None if left.is_set() else self.sdk.charge(details)

    async def _charge(self, details, pool):
        context = copy_context()
        left = threading.Event()
        try:
            work = asyncio.get_running_loop().run_in_executor(
                pool, lambda: context.run(self._locked, details, left)
            )
            self._open.add(work)
            work.add_done_callback(self._open.discard)
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            left.set()
            raise
