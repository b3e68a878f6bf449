# expect: failed test_pays_the_first_order
# expect: failed test_never_blocks
# expect: passed test_empty_batch
# mistake: polls its own task with sleep(0), so the loop never goes to sleep
# kind: blocking|limit|stuck|behaviour
# line: 16
import asyncio

from shop import NoOrders, ShopError


async def finished(coroutine):
    task = asyncio.ensure_future(coroutine)
    try:
        while not task.done():
            await asyncio.sleep(0)
        return task.result()
    finally:
        task.cancel()


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await finished(services.get_user_data(user_id))
        orders = await finished(services.get_orders(user))
        if not orders:
            raise NoOrders
        details = await finished(services.get_order_details(orders[0]))
        return await finished(services.process_payment(details))


async def checkout_many(services, user_ids):
    async def settle(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(settle(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
