# style: wait_for round a private coroutine; gather, then sweep up the siblings by hand
import asyncio

from shop import NoOrders, ShopError


async def _four_steps(services, user_id):
    user = await services.get_user_data(user_id)
    orders = await services.get_orders(user)
    if len(orders) == 0:
        raise NoOrders(user_id)
    return await services.process_payment(await services.get_order_details(orders[0]))


async def checkout(services, user_id, *, timeout=None):
    return await asyncio.wait_for(_four_steps(services, user_id), timeout)


async def _value_or_failure(services, user_id):
    try:
        return await checkout(services, user_id)
    except ShopError as failure:
        return failure


async def checkout_many(services, user_ids):
    tasks = [asyncio.create_task(_value_or_failure(services, u)) for u in user_ids]
    try:
        return await asyncio.gather(*tasks)
    finally:
        # gather() leaves the others running when one of them raises
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
