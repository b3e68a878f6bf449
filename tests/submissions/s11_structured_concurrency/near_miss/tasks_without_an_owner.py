# expect: failed test_batch_ends_with_all_its_tasks
# expect: passed test_pays_the_first_order
# expect: passed test_errors_come_out_bare
# expect: passed test_gives_up_before_it_pays
# expect: passed test_cancelled_before_it_pays
# mistake: tasks of asyncio that nobody owns: they go on when the batch is cancelled
# kind: behaviour | never_awaited
import asyncio

import anyio

from shop import NoOrders, ShopError


async def checkout(services, user_id, *, patience):
    with anyio.move_on_after(patience):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        details = await services.get_order_details(orders[0])
        return await pay(services, details)
    return None


async def pay(services, details):
    outcomes = []

    async def charge():
        with anyio.CancelScope(shield=True):
            try:
                outcomes.append(await services.process_payment(details))
            except ShopError as error:
                outcomes.append(error)

    with anyio.CancelScope(shield=True):
        async with anyio.create_task_group() as group:
            group.start_soon(charge)
    if isinstance(outcomes[0], ShopError):
        raise outcomes[0]
    return outcomes[0]


async def outcome(services, user_id, patience):
    try:
        return await checkout(services, user_id, patience=patience)
    except ShopError as error:
        return error


async def checkout_many(services, user_ids, *, patience):
    tasks = [asyncio.create_task(outcome(services, each, patience)) for each in user_ids]
    while not all(task.done() for task in tasks):
        await asyncio.wait([task for task in tasks if not task.done()])
    return [task.result() for task in tasks]
