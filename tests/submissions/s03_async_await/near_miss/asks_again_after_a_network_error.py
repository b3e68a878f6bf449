# expect: failed test_bug_at_step_3
# expect: passed test_pays_the_first_order
# expect: passed test_details_unavailable
# expect: passed test_no_orders
# expect: passed test_bug_comes_out_of_the_batch
# mistake: an OSError of step 2 makes it ask again
# kind: behaviour
import asyncio

from shop import NoOrders, ShopError


async def orders_of(services, user):
    try:
        return await services.get_orders(user)
    except OSError:
        return await services.get_orders(user)


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await orders_of(services, user)
        if not orders:
            raise NoOrders(user_id)
        details = await services.get_order_details(orders[0])
        return await services.process_payment(details)


async def outcome(services, user_id):
    try:
        return await checkout(services, user_id)
    except ShopError as error:
        return error


async def checkout_many(services, user_ids):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(outcome(services, user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
