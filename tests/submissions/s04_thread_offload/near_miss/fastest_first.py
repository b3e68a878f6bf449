# expect: failed test_batch_keeps_order_and_failures
# expect: passed test_pays_the_first_order
# expect: passed test_limit_of_three
# expect: passed test_payment_declined
# expect: passed test_charge_sees_the_callers_context
# mistake: results in the order in which the checkouts end
# kind: behaviour
import asyncio
import threading
from collections import deque
from contextvars import copy_context

from shop import NoOrders, ShopError


class Places:
    """Runs at most `count` jobs at once, each in a thread of its own, first come first served."""

    def __init__(self, count):
        self.free = count
        self.queue = deque()
        self.threads = set()

    async def run(self, function, *arguments):
        answer = asyncio.get_running_loop().create_future()
        self.queue.append((answer, copy_context(), function, arguments))
        self.start_next()
        return await answer

    def start_next(self):
        while self.free and self.queue:
            answer, *job = self.queue.popleft()
            if not answer.done():
                self.free -= 1
                thread = threading.Thread(target=self.in_thread, args=(answer, *job))
                self.threads.add(thread)
                thread.start()

    def in_thread(self, answer, context, function, arguments):
        try:
            settle = answer.set_result, context.run(function, *arguments)
        except Exception as error:
            settle = answer.set_exception, error
        answer.get_loop().call_soon_threadsafe(self.ended, answer, *settle)

    def ended(self, answer, setter, value):
        self.free += 1
        if not answer.done():
            setter(value)
        self.threads = {thread for thread in self.threads if thread.is_alive()}
        self.start_next()

    async def empty(self):
        while self.queue or any(thread.is_alive() for thread in self.threads):
            await asyncio.sleep(0.002)


class Checkout:
    def __init__(self, services, sdk):
        self.services, self.sdk = services, sdk
        self.places = Places(sdk.max_parallel)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc_info):
        closing = asyncio.ensure_future(self.places.empty())
        cancelled = False
        while not closing.done():
            try:
                await asyncio.shield(closing)
            except asyncio.CancelledError:
                cancelled = True
        if cancelled:
            raise asyncio.CancelledError

    async def checkout(self, user_id):
        user = await self.services.get_user_data(user_id)
        orders = await self.services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        details = await self.services.get_order_details(orders[0])
        return await self.places.run(self.sdk.charge, details)

    async def checkout_many(self, user_ids):
        async def settle(user_id):
            try:
                return await self.checkout(user_id)
            except ShopError as failure:
                return failure

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(settle(user_id)) for user_id in user_ids]
            return [await task for task in asyncio.as_completed(tasks)]
