# expect: failed test_pays_the_first_order
# expect: passed test_no_orders
# expect: passed test_user_not_found
# expect: passed test_empty_batch
# mistake: takes the last order of the list, not the first
# kind: behaviour
import asyncio

from shop import NoOrders, ShopError


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        try:
            newest = orders.pop()
        except IndexError:
            raise NoOrders from None
        return await services.process_payment(await services.get_order_details(newest))


async def settle(services, user_id):
    try:
        return await checkout(services, user_id)
    except ShopError as failure:
        return failure


async def checkout_many(services, user_ids):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(settle(services, user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
