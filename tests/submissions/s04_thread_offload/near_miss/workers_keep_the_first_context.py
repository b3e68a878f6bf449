# expect: failed test_charge_sees_the_callers_context
# expect: passed test_pays_the_first_order
# expect: passed test_limit_of_three
# expect: passed test_batch_keeps_order_and_failures
# mistake: the workers of batches charge in the context of the first batch
# kind: behaviour
import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from shop import NoOrders, ShopError


class Checkout:
    def __init__(self, services, sdk):
        self.services = services
        self.sdk = sdk
        self._workers = []
        self._jobs = asyncio.Queue()
        self._turns = ThreadPoolExecutor(sdk.max_parallel, thread_name_prefix="charge")

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc_info):
        for worker in self._workers:
            worker.cancel()
        if self._workers:
            await asyncio.wait(self._workers)
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
        if not self._workers:
            self._workers = [asyncio.create_task(self._work()) for _ in range(50)]
        loop = asyncio.get_running_loop()
        places = []
        for user_id in user_ids:
            place = loop.create_future()
            places.append(place)
            self._jobs.put_nowait((user_id, place))
        try:
            return list(await asyncio.gather(*places))
        except BaseException:
            for place in places:
                place.cancel()
            raise

    async def _work(self):
        while True:
            user_id, place = await self._jobs.get()
            if place.done():
                continue
            job = asyncio.create_task(self._outcome(user_id))
            place.add_done_callback(lambda p, job=job: p.cancelled() and job.cancel())
            await asyncio.wait([job])
            if place.done():
                job.cancelled() or job.exception()
            elif job.cancelled():
                place.cancel()
            elif job.exception():
                place.set_exception(job.exception())
            else:
                place.set_result(job.result())

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
