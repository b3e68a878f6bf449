# expect: failed test_payment_declined
# expect: passed test_pays_the_first_order
# expect: passed test_user_not_found
# expect: passed test_batch_keeps_repeats
# mistake: who was declined once is declined for ever, without asking
# kind: behaviour
import asyncio
from shop import NoOrders, ShopError

_failed = {}


async def checkout(services, user_id, *, timeout=None):
    if user_id in _failed:
        raise _failed[user_id]
    try:
        return await _walk(services, user_id, timeout)
    except ShopError as error:
        _failed[user_id] = error
        raise


async def _walk(services, user_id, timeout):
    async with asyncio.timeout(timeout):
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
