# expect: failed test_scope_cancelled_while_it_pays
# expect: passed test_task_cancelled_while_it_pays
# expect: passed test_a_payment_outlasts_its_patience
# mistake: holds out against one cancellation; a cancel scope cancels again and again, and the loop spins
# kind: blocking
import asyncio

from shop import NoOrders, ShopError


async def prepared(services, user_id):
    user = await services.get_user_data(user_id)
    orders = await services.get_orders(user)
    if not orders:
        raise NoOrders(user_id)
    return await services.get_order_details(orders[0])


async def carried_through(awaitable):
    task = asyncio.ensure_future(awaitable)
    left = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            left = error
    if left is None:
        return task.result()
    task.exception()
    raise left


async def checkout(services, user_id, *, patience):
    try:
        async with asyncio.timeout(patience):
            details = await prepared(services, user_id)
    except TimeoutError:
        return None
    return await carried_through(services.process_payment(details))


async def outcome(services, user_id, patience):
    try:
        return await checkout(services, user_id, patience=patience)
    except ShopError as error:
        return error


async def checkout_many(services, user_ids, *, patience):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(outcome(services, each, patience)) for each in user_ids]
    return [task.result() for task in tasks]
