# style: a timer that cancels the task itself; the batch unwraps the group and raises the bug bare
import asyncio

from shop import NoOrders, ShopError


async def checkout(services, user_id, *, timeout=None):
    if timeout is None:
        return await walk(services, user_id)
    task = asyncio.current_task()
    rang = False

    def ring():
        nonlocal rang
        rang = True
        task.cancel()

    alarm = asyncio.get_running_loop().call_later(timeout, ring)
    try:
        return await walk(services, user_id)
    except asyncio.CancelledError:
        # ours only when the alarm rang and nobody else asked as well
        if rang and task.uncancel() == 0:
            raise TimeoutError from None
        raise
    finally:
        alarm.cancel()


async def walk(services, user_id):
    value = await services.get_user_data(user_id)
    for step in (services.get_orders, first_of, services.get_order_details):
        value = await step(value)
    return await services.process_payment(value)


async def first_of(orders):
    for order in orders:
        return order
    raise NoOrders


async def tolerant(services, user_id):
    try:
        return await checkout(services, user_id)
    except ShopError as failure:
        return failure


async def checkout_many(services, user_ids):
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(tolerant(services, one)) for one in user_ids]
    except BaseExceptionGroup as bugs:
        raise bugs.exceptions[0]
    return [task.result() for task in tasks]
