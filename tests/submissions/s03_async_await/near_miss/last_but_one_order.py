# expect: failed test_cancelled_at_each_step
# expect: failed test_batch_keeps_repeats
# expect: passed test_pays_the_first_order
# expect: passed test_no_orders
# expect: passed test_user_not_found
# mistake: the last order but one is paid, which is the first of two
# kind: behaviour
import asyncio
from shop import NoOrders, ShopError


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        details = await services.get_order_details(orders[-2])
        return await services.process_payment(details)


async def checkout_many(services, user_ids):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_outcome(services, user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]


async def _outcome(services, user_id):
    try:
        return await checkout(services, user_id)
    except ShopError as error:
        return error
