# expect: failed test_pays_the_first_order
# expect: failed test_never_blocks
# expect: failed test_payment_declined
# expect: passed test_empty_batch
# mistake: time.sleep between two steps
# kind: blocking
# line: 26
import asyncio
import time

from shop import NoOrders, ShopError


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        details = await services.get_order_details(orders[0])
        be_polite_to_the_gateway()
        return await services.process_payment(details)


def be_polite_to_the_gateway():
    time.sleep(0.05)


async def checkout_many(services, user_ids):
    async def settle(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(settle(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
