# expect: failed test_timeout_covers_the_whole
# expect: passed test_timeout_at_each_step
# expect: passed test_ample_timeout
# expect: passed test_timeout_ends_with_the_checkout
# mistake: no time at all is taken for no limit
# kind: behaviour
import asyncio
from contextlib import nullcontext
from shop import NoOrders, ShopError


async def checkout(services, user_id, *, timeout=None):
    limit = asyncio.timeout(timeout) if timeout else nullcontext()
    async with limit:
        user = await services.get_user_data(user_id)
        match await services.get_orders(user):
            case [order, *_]:
                details = await services.get_order_details(order)
                return await services.process_payment(details)
            case _:
                raise NoOrders(user_id)


async def checkout_many(services, user_ids):
    async def value(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(value(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
