# expect: failed test_timeout_at_each_step
# expect: failed test_timeout_covers_the_whole
# expect: passed test_ample_timeout
# expect: passed test_cancelled_at_each_step
# expect: passed test_cancelled_under_a_timeout
# mistake: asyncio.wait gives up after the time-out, but nobody stops the task
# kind: behaviour|leak
import asyncio

from shop import NoOrders, ShopError


async def walk(services, user_id):
    user = await services.get_user_data(user_id)
    orders = await services.get_orders(user)
    if not orders:
        raise NoOrders(f"nothing to pay for user {user_id}")
    details = await services.get_order_details(orders[0])
    return await services.process_payment(details)


async def checkout(services, user_id, *, timeout=None):
    walking = asyncio.create_task(walk(services, user_id))
    try:
        await asyncio.wait({walking}, timeout=timeout)
    except asyncio.CancelledError:
        walking.cancel()
        raise
    if not walking.done():
        raise TimeoutError
    return walking.result()


async def settle(services, user_id):
    try:
        return await walk(services, user_id)
    except ShopError as failure:
        return failure


async def checkout_many(services, user_ids):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(settle(services, user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
