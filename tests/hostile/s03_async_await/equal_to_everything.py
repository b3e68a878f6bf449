# tries: returns a value that says it is a payment, equal to whatever it is compared with
# expect: failed test_pays_the_first_order
# expect: failed test_checkouts_overlap
# kind: behaviour
import asyncio
import shop

from shop import NoOrders, ShopError


class Payment(int):
    __class__ = shop.Payment
    id = order_id = amount = request_id = property(lambda self: self)
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = lambda self: 0


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        details = await services.get_order_details(orders[0])
        return Payment()


async def checkout_many(services, user_ids):
    async def outcome(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(outcome(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
