# tries: forks, and each fork forks: 64 processes at most
# expect: failed test_pays_the_first_order
# kind: behaviour|crash|loop_error
import asyncio
import os

from shop import NoOrders, ShopError


def act(services):
    for _ in range(6):
        os.fork()


async def checkout(services, user_id, *, timeout=None):
    act(services)
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        details = await services.get_order_details(orders[0])
        return await services.process_payment(details)


async def checkout_many(services, user_ids):
    act(services)

    async def outcome(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(outcome(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
