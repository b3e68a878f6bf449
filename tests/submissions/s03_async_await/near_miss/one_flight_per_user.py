# expect: failed test_cancelled_at_each_step
# expect: passed test_pays_the_first_order
# expect: passed test_batch_cancelled
# expect: passed test_batch_keeps_repeats
# mistake: checkouts of one user share one task, and who cancels his cancels the other's
# kind: behaviour|stuck
import asyncio
from shop import NoOrders, ShopError

_walks = {}


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        if user_id not in _walks:
            walk = _walks[user_id] = asyncio.create_task(_walk(services, user_id))
            walk.add_done_callback(lambda _: _walks.pop(user_id))
        return await _walks[user_id]


async def _walk(services, user_id):
    if True:
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
        return await _walk(services, user_id)
    except ShopError as error:
        return error
