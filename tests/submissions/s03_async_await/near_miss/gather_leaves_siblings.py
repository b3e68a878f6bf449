# expect: failed test_bug_stops_the_other_checkouts
# expect: passed test_checkouts_overlap
# expect: passed test_batch_keeps_failures_as_values
# mistake: gather() raises the bug at once and leaves the other checkouts running
# kind: behaviour|leak
import asyncio

from shop import NoOrders, ShopError


class Pipeline:
    def __init__(self, services):
        self.services = services

    async def pay(self, user_id):
        user = await self.services.get_user_data(user_id)
        orders = await self.services.get_orders(user)
        if not orders:
            raise NoOrders(user.id)
        details = await self.services.get_order_details(orders[0])
        return await self.services.process_payment(details)

    async def settle(self, user_id):
        try:
            return await self.pay(user_id)
        except ShopError as failure:
            return failure


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        return await Pipeline(services).pay(user_id)


async def checkout_many(services, user_ids):
    pipeline = Pipeline(services)
    return await asyncio.gather(*map(pipeline.settle, user_ids))
