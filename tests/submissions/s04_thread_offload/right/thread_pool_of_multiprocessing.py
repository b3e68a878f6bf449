# style: the ThreadPool of multiprocessing, whose callbacks send the answers home
import asyncio
from contextvars import copy_context
from multiprocessing.pool import ThreadPool

from shop import NoOrders, ShopError


async def seen_through(future):
    """Await to the end, and be cancelled afterwards."""
    cancelled = None
    while not future.done():
        try:
            await asyncio.wait([future])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled
    return future.result()


class Left(Exception):
    """The caller has left before it was his turn."""


class Checkout:
    def __init__(self, services, sdk):
        self.services, self.sdk = services, sdk

    async def __aenter__(self):
        self.pool = ThreadPool(self.sdk.max_parallel)
        return self

    async def __aexit__(self, *exc_info):
        def close():
            self.pool.close()
            self.pool.join()

        await seen_through(asyncio.ensure_future(asyncio.to_thread(close)))

    async def charge(self, details):
        loop = asyncio.get_running_loop()
        answer = loop.create_future()
        context = copy_context()

        def job():
            if answer.cancelled():
                raise Left
            return context.run(self.sdk.charge, details)

        def home(setter, what):
            if not answer.done():
                setter(what)

        self.pool.apply_async(
            job,
            callback=lambda payment: loop.call_soon_threadsafe(home, answer.set_result, payment),
            error_callback=lambda error: loop.call_soon_threadsafe(home, answer.set_exception, error),
        )
        return await answer

    async def checkout(self, user_id):
        user = await self.services.get_user_data(user_id)
        orders = await self.services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        details = await self.services.get_order_details(orders[0])
        return await self.charge(details)

    async def checkout_many(self, user_ids):
        async def outcome(user_id):
            try:
                return await self.checkout(user_id)
            except ShopError as error:
                return error

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(outcome(user_id)) for user_id in user_ids]
        return [task.result() for task in tasks]
