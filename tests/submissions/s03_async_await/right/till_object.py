# style: a small class per checkout, an anyio task group and a memory stream that carries the results home
import math

import anyio
from shop import NoOrders, ShopError


class Till:
    def __init__(self, services):
        self.services = services

    async def run(self, user_id):
        order = await self.first_order(user_id)
        details = await self.services.get_order_details(order)
        return await self.services.process_payment(details)

    async def first_order(self, user_id):
        user = await self.services.get_user_data(user_id)
        orders = await self.services.get_orders(user)
        return next(iter(orders), None) or self.complain(user)

    @staticmethod
    def complain(user):
        raise NoOrders(user.id)


async def checkout(services, user_id, *, timeout=None):
    with anyio.fail_after(timeout):
        return await Till(services).run(user_id)


async def checkout_many(services, user_ids):
    till = Till(services)
    home, arrivals = anyio.create_memory_object_stream(math.inf)

    async def settle(number, user_id):
        try:
            outcome = await till.run(user_id)
        except ShopError as failure:
            outcome = failure
        home.send_nowait((number, outcome))

    with home, arrivals:
        async with anyio.create_task_group() as group:
            for number, user_id in enumerate(user_ids):
                group.start_soon(settle, number, user_id)
        count = arrivals.statistics().current_buffer_used
        pairs = [arrivals.receive_nowait() for _ in range(count)]
    return [outcome for _, outcome in sorted(pairs, key=lambda pair: pair[0])]
