# expect: failed test_checkouts_overlap
# expect: passed test_pays_the_first_order
# expect: passed test_cancelled_at_each_step
# expect: passed test_empty_batch
# mistake: one asyncio.Lock is held across all four awaits, so checkouts take turns
# kind: behaviour|stuck
import asyncio

from shop import NoOrders, ShopError

ledger = asyncio.Lock()


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout), ledger:
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        details = await services.get_order_details(orders[0])
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
