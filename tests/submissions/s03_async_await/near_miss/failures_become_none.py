# expect: failed test_batch_keeps_failures_as_values
# expect: passed test_user_not_found
# expect: passed test_checkouts_overlap
# expect: passed test_bug_stops_the_other_checkouts
# mistake: a ShopError leaves None in the list
# kind: behaviour
import contextlib

import anyio
from shop import NoOrders, ShopError


async def checkout(services, user_id, *, timeout=None):
    with anyio.fail_after(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        return await services.process_payment(
            await services.get_order_details(orders[0])
        )


async def checkout_many(services, user_ids):
    slots = []

    async def fill(slot, user_id):
        with contextlib.suppress(ShopError):
            slots[slot] = await checkout(services, user_id)

    async with anyio.create_task_group() as group:
        for slot, user_id in enumerate(user_ids):
            slots.append(None)
            group.start_soon(fill, slot, user_id)
    return slots
