# expect: failed test_timeout_at_each_step
# expect: passed test_ample_timeout
# expect: passed test_cancelled_at_each_step
# expect: passed test_pays_the_first_order
# mistake: the payment stands outside the `async with`, so it has no limit
# kind: behaviour|stuck
import asyncio

from shop import NoOrders, ShopError


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        details = await services.get_order_details(orders[0])
    return await services.process_payment(details)


async def checkout_many(services, user_ids):
    outcomes = {}

    async def one(place, user_id):
        try:
            outcomes[place] = await checkout(services, user_id)
        except ShopError as failure:
            outcomes[place] = failure

    async with asyncio.TaskGroup() as group:
        for place, user_id in enumerate(user_ids):
            outcomes[place] = None
            group.create_task(one(place, user_id))
    return [*outcomes.values()]
