# expect: failed test_timeout_ends_with_the_checkout
# expect: passed test_pays_the_first_order
# expect: passed test_details_unavailable
# expect: passed test_no_orders
# expect: passed test_timeout_covers_the_whole
# expect: passed test_ample_timeout
# mistake: its own timer is taken back after a payment only, and later cancels whatever its caller does then
# kind: behaviour
import asyncio
from shop import NoOrders, ShopError


async def checkout(services, user_id, *, timeout=None):
    task = asyncio.current_task()
    assert task is not None
    fired = False

    def fire():
        nonlocal fired
        fired = True
        task.cancel()

    timer = None
    if timeout is not None:
        timer = asyncio.get_running_loop().call_later(timeout, fire)
    try:
        payment = await _steps(services, user_id)
    except asyncio.CancelledError:
        if fired:
            task.uncancel()
            raise TimeoutError from None
        if timer:
            timer.cancel()
        raise
    if timer:
        timer.cancel()
    return payment


async def checkout_many(services, user_ids):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_outcome(services, user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]


async def _outcome(services, user_id):
    try:
        return await checkout(services, user_id)
    except ShopError as error:
        return error


async def _steps(services, user_id):
    user = await services.get_user_data(user_id)
    orders = await services.get_orders(user)
    if not orders:
        raise NoOrders(user_id)
    details = await services.get_order_details(orders[0])
    return await services.process_payment(details)
