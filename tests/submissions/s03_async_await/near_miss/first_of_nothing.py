# expect: failed test_no_orders
# expect: passed test_pays_the_first_order
# expect: passed test_orders_unavailable
# expect: passed test_bug_at_step_3
# mistake: orders[0] without a look whether there is one: an IndexError instead of NoOrders
# kind: behaviour
import asyncio

from shop import ShopError


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
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
