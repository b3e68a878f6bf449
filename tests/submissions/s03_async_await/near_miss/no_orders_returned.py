# expect: failed test_no_orders
# expect: passed test_pays_the_first_order
# expect: passed test_batch_keeps_failures_as_values
# expect: passed test_nothing_is_left_running
# mistake: NoOrders is returned where it has to be raised
# kind: behaviour
import asyncio

from shop import NoOrders, ShopError


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            return NoOrders(f"user {user_id} has no orders")
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
