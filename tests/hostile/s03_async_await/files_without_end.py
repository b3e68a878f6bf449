# tries: makes 3,000 files in folders in folders
# expect: failed test_never_blocks
# expect: passed test_pays_the_first_order
# kind: limit|blocking
import asyncio
import os

from shop import NoOrders, ShopError


def act(services):
    for number in range(60):
        os.mkdir(f'{number}')
        for other in range(50):
            open(f'{number}/{other}', 'w').close()


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        details = await services.get_order_details(orders[0])
        return await services.process_payment(details)


async def checkout_many(services, user_ids):
    user_ids = list(user_ids)
    if len(user_ids) > 100:
        act(services)

    async def outcome(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(outcome(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
