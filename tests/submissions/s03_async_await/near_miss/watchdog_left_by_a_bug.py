# expect: failed test_nothing_is_left_running
# expect: passed test_pays_the_first_order
# expect: passed test_bug_comes_out_of_the_batch
# expect: passed test_bug_stops_the_other_checkouts
# mistake: a watchdog of the batch is left running when a bug comes out
# kind: leak
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
    watchdog = asyncio.create_task(asyncio.sleep(3600))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_outcome(services, user_id)) for user_id in user_ids]
    watchdog.cancel()
    return [task.result() for task in tasks]


async def _outcome(services, user_id):
    try:
        return await checkout(services, user_id)
    except ShopError as error:
        return error
