# style: one deadline from time.monotonic(), each step gets what is left of it
import asyncio
import time

from shop import NoOrders, ShopError


class Deadline:
    def __init__(self, seconds):
        self.at = None if seconds is None else time.monotonic() + seconds

    def left(self):
        return None if self.at is None else max(0.0, self.at - time.monotonic())

    async def within(self, step):
        # asyncio.timeout and not wait_for: no second task, so no cancellation gets lost
        async with asyncio.timeout(self.left()):
            return await step


async def checkout(services, user_id, *, timeout=None):
    deadline = Deadline(timeout)
    user = await deadline.within(services.get_user_data(user_id))
    orders = await deadline.within(services.get_orders(user))
    if not orders:
        raise NoOrders(user.name)
    details = await deadline.within(services.get_order_details(orders[0]))
    return await deadline.within(services.process_payment(details))


async def checkout_many(services, user_ids):
    outcomes = {}

    async def one(place, user_id):
        try:
            outcomes[place] = await checkout(services, user_id)
        except ShopError as failure:
            outcomes[place] = failure

    places = 0
    async with asyncio.TaskGroup() as group:
        for user_id in user_ids:
            group.create_task(one(places, user_id))
            places += 1
    return [outcomes[place] for place in range(places)]
