# expect: failed test_checkouts_overlap
# expect: failed test_batch_keeps_the_order_of_its_input
# expect: passed test_pays_the_first_order
# expect: passed test_timeout_covers_the_whole
# mistake: asyncio.run inside a running loop
# kind: behaviour|crash|never_awaited
import asyncio

from shop import NoOrders, ShopError


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        return await services.process_payment(
            await services.get_order_details(orders[0])
        )


async def settle(services, user_id):
    try:
        return await checkout(services, user_id)
    except ShopError as failure:
        return failure


async def whole_batch(services, user_ids):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(settle(services, user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]


async def checkout_many(services, user_ids):
    return asyncio.run(whole_batch(services, user_ids))
