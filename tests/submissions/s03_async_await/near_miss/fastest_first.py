# expect: failed test_batch_keeps_the_order_of_its_input
# expect: passed test_empty_batch
# expect: passed test_bug_stops_the_other_checkouts
# mistake: results in the order in which the checkouts finish
# kind: behaviour
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


async def checkout_many(services, user_ids):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(settle(services, user_id)) for user_id in user_ids]
        return [await finished for finished in asyncio.as_completed(tasks)]
