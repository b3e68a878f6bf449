# expect: failed test_closing_does_not_block
# mistake: the threads are joined in __aexit__, on the loop
# kind: blocking|stuck
# line: 60-63
import asyncio
import queue
import threading
from contextvars import copy_context

from shop import NoOrders, ShopError


class Job:
    def __init__(self, work):
        self.loop = asyncio.get_running_loop()
        self.answer = self.loop.create_future()
        self.context = copy_context()
        self.work = work

    def run(self):
        if self.answer.cancelled():  # nobody waits any more, so nobody pays
            return
        try:
            result, error = self.context.run(self.work), None
        except Exception as raised:
            result, error = None, raised
        self.loop.call_soon_threadsafe(self.settle, result, error)

    def settle(self, result, error):
        if self.answer.done():
            return
        if error:
            self.answer.set_exception(error)
        else:
            self.answer.set_result(result)


class Checkout:
    def __init__(self, services, sdk):
        self.services, self.sdk = services, sdk
        self.jobs = queue.SimpleQueue()

    async def __aenter__(self):
        self.loop = asyncio.get_running_loop()
        self.ended = [self.loop.create_future() for _ in range(self.sdk.max_parallel)]
        self.threads = [threading.Thread(target=self.serve, args=(end,)) for end in self.ended]
        for thread in self.threads:
            thread.start()
        return self

    def serve(self, end):
        while job := self.jobs.get():
            job.run()
        self.loop.call_soon_threadsafe(end.set_result, None)

    async def __aexit__(self, *exc_info):
        for _ in self.threads:
            self.jobs.put(None)
        for thread in self.threads:
            thread.join()

    async def checkout(self, user_id):
        user = await self.services.get_user_data(user_id)
        orders = await self.services.get_orders(user)
        if not orders:
            raise NoOrders
        details = await self.services.get_order_details(orders[0])
        job = Job(lambda: self.sdk.charge(details))
        self.jobs.put(job)
        return await job.answer

    async def _value(self, user_id):
        try:
            return await self.checkout(user_id)
        except ShopError as failure:
            return failure

    async def checkout_many(self, user_ids):
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._value(user_id)) for user_id in user_ids]
        return [task.result() for task in tasks]
