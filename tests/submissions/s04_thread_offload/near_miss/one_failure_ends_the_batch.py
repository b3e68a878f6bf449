# expect: failed test_batch_keeps_order_and_failures
# expect: passed test_pays_the_first_order
# expect: passed test_payment_declined
# expect: passed test_no_orders
# mistake: the first ShopError cancels the other checkouts of the batch
# kind: behaviour
import asyncio

from anyio import CancelScope
from anyio.lowlevel import checkpoint_if_cancelled
from shop import NoOrders


async def see_through(task):
    """The task's result; when we are cancelled, only after the task has ended."""
    cancelled = None
    while not task.done():
        try:
            with CancelScope(shield=True):  # keeps a scope away, but not Task.cancel()
                await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    failure = task.exception()
    await checkpoint_if_cancelled()
    if cancelled or failure:
        raise cancelled or failure
    return task.result()


class Checkout:
    def __init__(self, services, sdk):
        self.services = services
        self.sdk = sdk
        self.inside = asyncio.Semaphore(sdk.max_parallel)
        self.visitors = set()

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc_info):
        for visitor in list(self.visitors):
            await see_through(asyncio.ensure_future(self.gone(visitor)))

    @staticmethod
    async def gone(visitor):
        await visitor.wait()

    async def charge(self, details):
        left = asyncio.Event()
        self.visitors.add(left)
        try:
            async with self.inside:
                return await see_through(
                    asyncio.create_task(asyncio.to_thread(self.sdk.charge, details))
                )
        finally:
            self.visitors.discard(left)
            left.set()

    async def checkout(self, user_id):
        user = await self.services.get_user_data(user_id)
        orders = await self.services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        return await self.charge(await self.services.get_order_details(orders[0]))

    async def checkout_many(self, user_ids):
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self.checkout(user_id)) for user_id in user_ids]
        return [task.result() for task in tasks]
