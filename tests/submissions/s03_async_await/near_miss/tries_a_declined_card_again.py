# expect: failed test_payment_declined
# expect: passed test_pays_the_first_order
# expect: passed test_details_unavailable
# expect: passed test_cancelled_at_each_step
# mistake: a declined payment is tried a second time
# kind: behaviour
import asyncio

from shop import NoOrders, PaymentDeclined, ShopError


async def insist(services, details, attempts=2):
    for attempt in range(1, attempts + 1):
        try:
            return await services.process_payment(details)
        except PaymentDeclined:
            if attempt == attempts:
                raise


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        return await insist(services, await services.get_order_details(orders[0]))


async def checkout_many(services, user_ids):
    async def settle(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(settle(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
