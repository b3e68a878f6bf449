# expect: failed test_closes_without_leftovers
# expect: passed test_pays_the_first_order
# expect: passed test_limit_of_three
# expect: passed test_charge_sees_the_callers_context
# mistake: a task that reports every hour outlives the desk
# kind: leak|behaviour
import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from shop import NoOrders, ShopError


class Checkout:
    def __init__(self, services, sdk):
        self.services = services
        self.sdk = sdk
        self.orders = asyncio.Queue()

    async def __aenter__(self):
        self.pool = ThreadPoolExecutor(self.sdk.max_parallel)
        self.workers = [asyncio.create_task(self.work()) for _ in range(self.sdk.max_parallel)]
        self.reporter = asyncio.create_task(self.report())
        return self

    async def report(self):
        while True:
            await asyncio.sleep(3600)
            logging.info("%d charges are waiting", self.orders.qsize())

    async def work(self):
        loop = asyncio.get_running_loop()
        while order := await self.orders.get():
            charge, answer = order
            if answer.done():
                continue
            try:
                payment = await loop.run_in_executor(self.pool, charge)
            except Exception as error:
                answer.done() or answer.set_exception(error)
            else:
                answer.done() or answer.set_result(payment)

    async def __aexit__(self, *exc_info):
        for _ in self.workers:
            self.orders.put_nowait(None)
        try:
            await self.uninterrupted(asyncio.gather(*self.workers))
        finally:
            # All threads are idle by now, yet even a short join belongs into another thread.
            await self.uninterrupted(asyncio.ensure_future(asyncio.to_thread(self.pool.shutdown)))

    async def uninterrupted(self, future):
        cancelled = None
        while not future.done():
            try:
                await asyncio.shield(future)
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled:
            raise cancelled

    async def checkout(self, user_id):
        user = await self.services.get_user_data(user_id)
        orders = await self.services.get_orders(user)
        if not orders:
            raise NoOrders
        details = await self.services.get_order_details(orders[0])
        context = copy_context()
        answer = asyncio.get_running_loop().create_future()
        await self.orders.put((lambda: context.run(self.sdk.charge, details), answer))
        return await answer

    async def settle(self, user_id):
        try:
            return await self.checkout(user_id)
        except ShopError as failure:
            return failure

    async def checkout_many(self, user_ids):
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self.settle(user_id)) for user_id in user_ids]
        return [task.result() for task in tasks]
