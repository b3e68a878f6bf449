"""A deadline that travels with the checkout, by datetime; each step gets what is left of it."""

import asyncio
from datetime import datetime, timezone

from shop import NoOrders, ShopError


def now():
    return datetime.now(timezone.utc).timestamp()


class Deadline:
    def __init__(self, seconds):
        self.at = None if seconds is None else now() + seconds

    def left(self):
        return None if self.at is None else max(0.0, self.at - now())

    async def within(self, awaitable):
        return await asyncio.wait_for(awaitable, self.left())


async def checkout(services, user_id, *, timeout=None):
    deadline = Deadline(timeout)
    user = await deadline.within(services.get_user_data(user_id))
    orders = await deadline.within(services.get_orders(user))
    if not orders:
        raise NoOrders(user_id)
    details = await deadline.within(services.get_order_details(orders[0]))
    return await deadline.within(services.process_payment(details))


async def checkout_many(services, user_ids):
    async def one(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as error:
            return error

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
