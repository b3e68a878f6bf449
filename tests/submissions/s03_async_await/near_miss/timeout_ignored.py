# expect: failed test_timeout_at_each_step
# expect: failed test_timeout_covers_the_whole
# expect: passed test_ample_timeout
# expect: passed test_cancelled_under_a_timeout
# mistake: `timeout` is taken and never looked at
# kind: behaviour|stuck
import asyncio

from shop import NoOrders, ShopError


async def checkout(services, user_id, *, timeout=None):
    user = await services.get_user_data(user_id)
    orders = await services.get_orders(user)
    if not orders:
        raise NoOrders(user)
    return await services.process_payment(await services.get_order_details(orders[0]))


async def checkout_many(services, user_ids):
    async def settle(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    tasks = [asyncio.create_task(settle(user_id)) for user_id in user_ids]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
