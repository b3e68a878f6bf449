# expect: failed test_pays_the_first_order
# expect: failed test_payment_declined
# expect: passed test_details_unavailable
# expect: passed test_empty_batch
# mistake: a checksum over millions of numbers between two awaits
# kind: blocking
# line: 15-16
import asyncio

from shop import NoOrders, ShopError


def fraud_score(details):
    total = details.amount
    for number in range(3_000_000):
        total = (total * 31 + number) % 1_000_003
    return total


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        details = await services.get_order_details(orders[0])
        fraud_score(details)
        return await services.process_payment(details)


async def checkout_many(services, user_ids):
    async def settle(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(settle(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
