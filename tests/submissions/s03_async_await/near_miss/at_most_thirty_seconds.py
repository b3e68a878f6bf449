# expect: failed test_ample_timeout
# expect: passed test_pays_the_first_order
# expect: passed test_details_unavailable
# expect: passed test_no_orders
# expect: passed test_timeout_covers_the_whole
# mistake: a time limit of more than 30 s is taken for one of 30 s
# kind: behaviour
import asyncio
from shop import NoOrders, ShopError


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout and min(timeout, 30.0)):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        details = await services.get_order_details(orders[0])
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
