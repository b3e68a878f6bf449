"""Solution-like desk: each thread leaves after having had no work for 0.3 s by time.monotonic; closing waits for them."""

import asyncio
import queue
import threading
import time
from contextvars import copy_context

from shop import NoOrders, ShopError

IDLE = 0.3


async def seen_through(future):
    """Wait for a future to the end; a cancellation is kept until then, and raised afterwards."""
    cancelled = None
    while not future.done():
        try:
            await asyncio.wait([future])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled


class Checkout:
    def __init__(self, services, sdk):
        self.services, self.sdk = services, sdk
        self.jobs = queue.Queue()
        self.threads = []

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc_info):
        def join():
            for thread in self.threads:
                thread.join()
        await seen_through(asyncio.get_running_loop().run_in_executor(None, join))

    async def checkout(self, user_id: int):
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
        loop = asyncio.get_running_loop()
        answer, gate = loop.create_future(), threading.Lock()
        self.jobs.put((loop, answer, gate, copy_context(), details))
        self.threads = [thread for thread in self.threads if thread.is_alive()]
        # A thread that is about to leave may be alive still; so there is a look at the queue by whoever leaves.
        if len(self.threads) < self.sdk.max_parallel:
            self._hire()
        try:
            return await answer
        finally:
            gate.acquire(blocking=False)

    def _hire(self):
        thread = threading.Thread(target=self._work, args=(asyncio.get_running_loop(),))
        self.threads.append(thread)
        thread.start()

    def _work(self, loop):
        last = time.monotonic()
        while time.monotonic() - last < IDLE:
            try:
                loop, answer, gate, context, details = self.jobs.get(timeout=0.1)
            except queue.Empty:
                continue
            if gate.acquire(blocking=False):
                try:
                    how, value = answer.set_result, context.run(self.sdk.charge, details)
                except Exception as error:
                    how, value = answer.set_exception, error
                loop.call_soon_threadsafe(lambda h=how, v=value, a=answer: None if a.done() else h(v))
            last = time.monotonic()
        if not self.jobs.empty():
            loop.call_soon_threadsafe(self._hire_for_the_rest, threading.current_thread())

    def _hire_for_the_rest(self, left):
        left.join()
        self.threads = [thread for thread in self.threads if thread.is_alive()]
        if not self.jobs.empty() and len(self.threads) < self.sdk.max_parallel:
            self._hire()
