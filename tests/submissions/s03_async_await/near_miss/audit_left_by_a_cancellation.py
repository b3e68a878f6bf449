# expect: failed test_nothing_is_left_running
# expect: passed test_pays_the_first_order
# expect: passed test_cancelled_at_each_step
# expect: passed test_batch_cancelled
# mistake: a task that writes the cancellation down is left running
# kind: leak
import asyncio
from shop import NoOrders, ShopError

_late = set()


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        details = await services.get_order_details(orders[0])
        return await services.process_payment(details)


async def checkout_many(services, user_ids):
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_outcome(services, user_id)) for user_id in user_ids]
        return [task.result() for task in tasks]
    except asyncio.CancelledError:
        _late.add(asyncio.create_task(asyncio.sleep(3600)))
        raise


async def _outcome(services, user_id):
    try:
        return await checkout(services, user_id)
    except ShopError as error:
        return error
