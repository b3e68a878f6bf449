# style: asyncio.wait(FIRST_EXCEPTION), bare exceptions, a loop that will not leave before the tasks have ended
import asyncio

from shop import NoOrders, ShopError


async def checkout(services, user_id, *, timeout=None):
    try:
        async with asyncio.timeout(timeout) as limit:
            user = await services.get_user_data(user_id)
            orders = await services.get_orders(user)
            first = orders[0] if orders else None
            if first is None:
                raise NoOrders
            details = await services.get_order_details(first)
            payment = await services.process_payment(details)
    except TimeoutError:
        if limit.expired():
            raise TimeoutError(f"checkout of {user_id} took over {timeout} s") from None
        raise
    return payment


async def checkout_many(services, user_ids):
    tasks = [asyncio.ensure_future(checkout(services, user_id)) for user_id in user_ids]
    running = set(tasks)
    try:
        while running:
            ended, running = await asyncio.wait(running, return_when=asyncio.FIRST_EXCEPTION)
            for task in ended:
                if (error := task.exception()) and not isinstance(error, ShopError):
                    raise error
    finally:
        await _stop(tasks)
    return [task.exception() or task.result() for task in tasks]


async def _stop(tasks):
    for task in tasks:
        task.cancel()
    interrupted = None
    while not all(task.done() for task in tasks):
        try:
            await asyncio.wait(tasks)
        except asyncio.CancelledError as cancelled:  # we come back for it below
            interrupted = cancelled
    for task in tasks:
        task.cancelled() or task.exception()
    if interrupted:
        raise interrupted
