# tries: returns the payment's own data in a subclass that says it was made for another order
# expect: failed test_pays_the_first_order
# expect: failed test_checkouts_overlap
# kind: behaviour
import asyncio
import dataclasses
import shop

from shop import NoOrders, ShopError


class Mine(shop.Payment):
    __slots__ = ()


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        details = await services.get_order_details(orders[0])
        return Mine(**dataclasses.asdict(await services.process_payment(details)))


async def checkout_many(services, user_ids):
    async def outcome(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(outcome(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
