# style: decorators for the time-out and for "failure as a value", gather of plain coroutines inside a group
import asyncio
import functools

from shop import NoOrders, ShopError


def with_timeout(function):
    @functools.wraps(function)
    async def wrapper(*args, timeout=None):
        async with asyncio.timeout(timeout):
            return await function(*args)

    return wrapper


def failure_as_value(function):
    @functools.wraps(function)
    async def wrapper(*args):
        try:
            return await function(*args)
        except ShopError as failure:
            return failure

    return wrapper


@with_timeout
async def checkout(services, user_id):
    user = await services.get_user_data(user_id)
    if not (orders := await services.get_orders(user)):
        raise NoOrders
    return await services.process_payment(await services.get_order_details(orders[0]))


async def checkout_many(services, user_ids):
    settle = failure_as_value(checkout)
    async with asyncio.TaskGroup() as group:
        running = map(group.create_task, (settle(services, uid) for uid in user_ids))
        return await asyncio.gather(*running)
