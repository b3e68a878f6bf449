# tries: pays with numbers and texts that are some other number when asked again
# expect: failed test_pays_the_first_order
# expect: failed test_checkouts_overlap
# kind: behaviour
import asyncio
import dataclasses

from shop import NoOrders, ShopError


class Less(int):
    __int__ = __index__ = lambda self: 1
    __repr__ = __str__ = lambda self: "1"


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        details = await services.get_order_details(orders[0])
        return await services.process_payment(dataclasses.replace(details, amount=Less(details.amount)))


async def checkout_many(services, user_ids):
    async def outcome(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(outcome(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
