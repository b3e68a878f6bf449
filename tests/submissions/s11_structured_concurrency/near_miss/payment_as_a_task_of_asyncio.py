# expect: failed test_pays_the_first_order
# expect: failed test_scope_cancelled_while_it_pays
# expect: passed test_gives_up_before_it_pays
# expect: passed test_cancelled_before_it_pays
# expect: passed test_task_cancelled_while_it_pays
# mistake: the payment is a task of asyncio; right there, and on trio there is no such task
# kind: behaviour | never_awaited
# on: trio
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
    task = asyncio.ensure_future(services.process_payment(details))
    cancelled = None
    with anyio.CancelScope(shield=True):
        while not task.done():
            try:
                await asyncio.wait([task])
            except asyncio.CancelledError as error:
                cancelled = error
    if cancelled is not None:
        task.exception()
        raise cancelled
    return task.result()


async def checkout_many(services, user_ids, *, patience):
    outcomes = {}

    async def fill(slot, user_id):
        try:
            outcomes[slot] = await checkout(services, user_id, patience=patience)
        except ShopError as error:
            outcomes[slot] = error

    async with anyio.create_task_group() as group:
        for slot, user_id in enumerate(user_ids):
            group.start_soon(fill, slot, user_id)
    return [outcomes[slot] for slot in sorted(outcomes)]
