# expect: failed test_cancelled_under_a_timeout
# expect: passed test_timeout_at_each_step
# expect: passed test_timeout_covers_the_whole
# expect: passed test_pays_the_first_order
# expect: passed test_cancelled_at_each_step
# mistake: with a time-out set, every cancellation is reported as TimeoutError, also the caller's own
# kind: behaviour
import asyncio

from shop import NoOrders, ShopError


async def walk(services, user_id):
    user = await services.get_user_data(user_id)
    orders = await services.get_orders(user)
    if not orders:
        raise NoOrders
    details = await services.get_order_details(orders[0])
    return await services.process_payment(details)


async def checkout(services, user_id, *, timeout=None):
    if timeout is None:
        return await walk(services, user_id)
    walking = asyncio.ensure_future(walk(services, user_id))
    alarm = asyncio.get_running_loop().call_later(timeout, walking.cancel)
    try:
        return await walking
    except asyncio.CancelledError:
        raise TimeoutError(f"more than {timeout} s") from None
    finally:
        alarm.cancel()


async def checkout_many(services, user_ids):
    async def settle(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(settle(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
