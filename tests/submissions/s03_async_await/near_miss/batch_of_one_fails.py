# expect: failed test_batch_keeps_failures_as_values
# expect: passed test_pays_the_first_order
# expect: passed test_empty_batch
# expect: passed test_batch_keeps_repeats
# mistake: the failure of the only user of a batch comes out of it
# kind: behaviour
import asyncio
from shop import NoOrders, ShopError


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        details = await services.get_order_details(orders[0])
        return await services.process_payment(details)


async def checkout_many(services, user_ids):
    user_ids = list(user_ids)
    if len(user_ids) == 1:
        return [await checkout(services, user_ids[0])]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_outcome(services, user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]


async def _outcome(services, user_id):
    try:
        return await checkout(services, user_id)
    except ShopError as error:
        return error
