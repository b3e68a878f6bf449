# expect: failed test_bug_at_step_3
# expect: passed test_no_orders
# expect: passed test_details_unavailable
# expect: passed test_timeout_covers_the_whole
# mistake: `except LookupError` meant for orders[0] also catches the KeyError of step 3
# kind: behaviour
import asyncio

from shop import NoOrders, ShopError


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        try:
            details = await services.get_order_details(orders[0])
        except LookupError:
            raise NoOrders(user_id) from None
        return await services.process_payment(details)


async def settle(services, user_id):
    try:
        return await checkout(services, user_id)
    except ShopError as failure:
        return failure


async def checkout_many(services, user_ids):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(settle(services, user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
