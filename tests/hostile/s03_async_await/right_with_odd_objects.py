# tries: is right, with objects about that misbehave when they go, or are compared
# expect: full marks
import asyncio
import atexit
import contextvars
import weakref

from shop import NoOrders, ShopError


class Odd:
    def __del__(self):
        raise ValueError("going")

    def __eq__(self, other):
        raise ValueError("compared")

    __hash__ = None
    __repr__ = __str__ = __del__


ODD = [Odd() for _ in range(100)]
contextvars.ContextVar("odd", default=ODD)
atexit.register(lambda: 1 / 0)
weakref.finalize(ODD[0], print, "gone")


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        details = await services.get_order_details(orders[0])
        return await services.process_payment(details)


async def checkout_many(services, user_ids):
    async def outcome(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(outcome(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
