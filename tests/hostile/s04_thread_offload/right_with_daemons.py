# tries: is right, with a daemon thread for each charge and a thread-local of its own
# expect: full marks
import asyncio
import concurrent.futures
import queue
import threading
from contextvars import copy_context

from shop import NoOrders, ShopError


class Pool:
    """Futures, and a thread for each turn that ends when it is told to."""

    def __init__(self, size):
        self.work = queue.SimpleQueue()
        self.threads = [threading.Thread(target=self.run, daemon=True) for _ in range(size)]
        for thread in self.threads:
            thread.start()

    def submit(self, call, *arguments):
        future = concurrent.futures.Future()
        self.work.put((future, call, arguments))
        return future

    def run(self):
        while job := self.work.get():
            future, call, arguments = job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(call(*arguments))
            except BaseException as error:
                future.set_exception(error)
            del future, call, arguments, job

    def shutdown(self):
        for _ in self.threads:
            self.work.put(None)
        for thread in self.threads:
            thread.join()


class Checkout:
    def __init__(self, services, sdk):
        self.services = services
        self.sdk = sdk
        self.pool = Pool(sdk.max_parallel)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc_info):
        closing = asyncio.get_running_loop().run_in_executor(None, self.pool.shutdown)
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
            raise NoOrders
        return await self.charge(await self.services.get_order_details(orders[0]))

    async def checkout_many(self, user_ids):
        async def outcome(user_id):
            try:
                return await self.checkout(user_id)
            except ShopError as failure:
                return failure

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(outcome(user_id)) for user_id in user_ids]
        return [task.result() for task in tasks]

    async def charge(self, details):
        context = copy_context()
        return await asyncio.wrap_future(self.pool.submit(context.run, self.sdk.charge, details))
