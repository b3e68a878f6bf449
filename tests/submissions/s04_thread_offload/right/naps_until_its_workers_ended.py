# style: workers with a queue each; whoever closes looks every 0.3 s, in a thread, whether they have ended
import asyncio
import functools
import threading
import time
from contextvars import copy_context
from queue import SimpleQueue

from shop import NoOrders, ShopError


class Worker(threading.Thread):
    def __init__(self, loop, number):
        super().__init__(name=f"till-{number}", daemon=True)
        self.loop = loop
        self.inbox = SimpleQueue()
        self.ended = loop.create_future()

    def run(self):
        for function, report in iter(self.inbox.get, None):
            try:
                outcome = (function(), None)
            except Exception as error:
                outcome = (None, error)
            self.loop.call_soon_threadsafe(report, *outcome)
        self.loop.call_soon_threadsafe(self.ended.set_result, None)


class Checkout:
    def __init__(self, services, sdk):
        self.services = services
        self.sdk = sdk
        self.idle = asyncio.Queue()
        self.workers = []

    async def __aenter__(self):
        loop = asyncio.get_running_loop()
        self.workers = [Worker(loop, number) for number in range(self.sdk.max_parallel)]
        for worker in self.workers:
            worker.start()
            self.idle.put_nowait(worker)
        return self

    async def _charge(self, details):
        worker = await self.idle.get()
        answer = asyncio.get_running_loop().create_future()

        def report(payment, error):
            self.idle.put_nowait(worker)
            if answer.done():
                return
            if error is None:
                answer.set_result(payment)
            else:
                answer.set_exception(error)

        call = functools.partial(copy_context().run, self.sdk.charge, details)
        worker.inbox.put((call, report))
        return await answer

    def _join_all(self):
        for worker in self.workers:
            worker.inbox.put(None)
        while any(worker.is_alive() for worker in self.workers):
            print("still waiting for", [w.name for w in self.workers if w.is_alive()])
            time.sleep(0.3)

    async def __aexit__(self, *exc_info):
        closing = asyncio.create_task(asyncio.to_thread(self._join_all))
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
        async def value(user_id):
            try:
                return await self.checkout(user_id)
            except ShopError as error:
                return error

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(value(user_id)) for user_id in user_ids]
        return [task.result() for task in tasks]
