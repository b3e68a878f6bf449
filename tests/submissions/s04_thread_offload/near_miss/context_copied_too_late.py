# expect: failed test_charge_sees_the_callers_context
# expect: passed test_pays_the_first_order
# expect: passed test_limit_of_three
# expect: passed test_payment_declined
# mistake: the context is copied in the thread, where there is nothing to copy
# kind: behaviour
import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from shop import NoOrders, ShopError


class Checkout:
    def __init__(self, services, sdk):
        self.services = services
        self.sdk = sdk
        self.tills = asyncio.Queue()
        self.open = contextlib.ExitStack()

    async def __aenter__(self):
        for number in range(self.sdk.max_parallel):
            till = ThreadPoolExecutor(1, thread_name_prefix=f"till-{number}")
            self.open.enter_context(till)
            self.tills.put_nowait(till)
        return self

    async def __aexit__(self, *exc_info):
        locking_up = asyncio.create_task(asyncio.to_thread(self.open.close))
        cancellations = []
        while not locking_up.done():
            try:
                await asyncio.wait([locking_up])
            except asyncio.CancelledError as cancellation:
                cancellations.append(cancellation)
        locking_up.result()
        if cancellations:
            raise cancellations[0]

    async def charge(self, details):
        till = await self.tills.get()
        loop = asyncio.get_running_loop()
        job = till.submit(lambda: copy_context().run(self.sdk.charge, details))
        back = lambda _: loop.call_soon_threadsafe(self.tills.put_nowait, till)
        job.add_done_callback(back)
        return await asyncio.wrap_future(job)

    async def checkout(self, user_id):
        user = await self.services.get_user_data(user_id)
        orders = await self.services.get_orders(user)
        first = next(iter(orders), None)
        if first is None:
            raise NoOrders(user)
        return await self.charge(await self.services.get_order_details(first))

    async def checkout_many(self, user_ids):
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self.tolerant(user_id)) for user_id in user_ids]
        return [task.result() for task in tasks]

    async def tolerant(self, user_id):
        try:
            return await self.checkout(user_id)
        except ShopError as failure:
            return failure
