# expect: failed test_batch_keeps_repeats
# expect: passed test_batch_keeps_the_order_of_its_input
# expect: passed test_empty_batch
# expect: passed test_checkouts_overlap
# mistake: tasks are kept in a dict by user id, so a user who comes twice pays once
# kind: behaviour
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


async def settle(services, user_id):
    try:
        return await checkout(services, user_id)
    except ShopError as failure:
        return failure


async def checkout_many(services, user_ids):
    tasks = {}
    async with asyncio.TaskGroup() as group:
        for user_id in user_ids:
            if user_id not in tasks:
                tasks[user_id] = group.create_task(settle(services, user_id))
    return [task.result() for task in tasks.values()]
