# expect: failed test_cancelled_at_each_step
# expect: passed test_pays_the_first_order
# expect: passed test_timeout_at_each_step
# expect: passed test_bug_at_step_3
# mistake: `except CancelledError: return None` outside the time-out
# kind: behaviour
import asyncio

from shop import NoOrders, ShopError


async def walk(services, user_id):
    user = await services.get_user_data(user_id)
    orders = await services.get_orders(user)
    if not orders:
        raise NoOrders(user_id)
    details = await services.get_order_details(orders[0])
    return await services.process_payment(details)


async def checkout(services, user_id, *, timeout=None):
    try:
        async with asyncio.timeout(timeout):
            return await walk(services, user_id)
    except asyncio.CancelledError:
        return None


async def checkout_many(services, user_ids):
    async def settle(user_id):
        try:
            return await walk(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(settle(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
