# expect: failed test_batch_keeps_failures_as_values
# expect: passed test_batch_keeps_the_order_of_its_input
# expect: passed test_checkouts_overlap
# expect: passed test_empty_batch
# mistake: nobody catches the ShopError inside the group, so one failure cancels every checkout
# kind: behaviour
import asyncio

from shop import NoOrders


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders(f"user {user_id}")
        details = await services.get_order_details(orders[0])
        return await services.process_payment(details)


async def checkout_many(services, user_ids):
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(checkout(services, user_id), name=f"checkout {user_id}")
            for user_id in user_ids
        ]
    return [task.result() for task in tasks]
