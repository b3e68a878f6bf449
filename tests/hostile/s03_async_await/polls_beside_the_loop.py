# tries: has a thread that looks around some hundred times a second, so that its process never comes to rest
# expect: failed test_never_blocks
# expect: passed test_pays_the_first_order
# kind: limit
import asyncio
import threading
import time

from shop import NoOrders, ShopError


def look_around():
    while True:
        time.sleep(0.002)  # what has to be found: it never comes to rest


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
        threading.Thread(target=look_around, daemon=True).start()

    async def outcome(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(outcome(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
