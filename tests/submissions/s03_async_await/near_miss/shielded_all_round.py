# expect: failed test_cancelled_at_each_step
# expect: failed test_timeout_at_each_step
# expect: passed test_pays_the_first_order
# expect: passed test_orders_unavailable
# expect: passed test_ample_timeout
# mistake: the whole walk is shielded, so it goes on after cancellation and time-out
# kind: behaviour|leak
import asyncio

from shop import NoOrders, ShopError


async def walk(services, user_id):
    user = await services.get_user_data(user_id)
    orders = await services.get_orders(user)
    if not orders:
        raise NoOrders
    details = await services.get_order_details(orders[0])
    return await services.process_payment(details)


async def checkout(services, user_id, *, timeout=None):
    walking = asyncio.ensure_future(walk(services, user_id))
    async with asyncio.timeout(timeout):
        return await asyncio.shield(walking)


async def settle(services, user_id):
    try:
        return await walk(services, user_id)
    except ShopError as failure:
        return failure


async def checkout_many(services, user_ids):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(settle(services, user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
