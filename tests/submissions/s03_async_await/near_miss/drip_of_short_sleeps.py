# expect: failed test_pays_the_first_order
# expect: failed test_never_blocks
# expect: failed test_orders_unavailable
# expect: passed test_empty_batch
# mistake: time.sleep of 4 ms after each step, each far below what a pause detector sees
# kind: blocking
# line: 19
from time import sleep

import anyio
from shop import NoOrders, ShopError


async def checkout(services, user_id, *, timeout=None):
    async def step(call):
        try:
            return await call
        finally:
            sleep(0.004)

    with anyio.fail_after(timeout):
        user = await step(services.get_user_data(user_id))
        orders = await step(services.get_orders(user))
        if not orders:
            raise NoOrders
        details = await step(services.get_order_details(orders[0]))
        return await step(services.process_payment(details))


async def checkout_many(services, user_ids):
    slots = {}

    async def fill(slot, user_id):
        try:
            slots[slot] = await checkout(services, user_id)
        except ShopError as failure:
            slots[slot] = failure

    async with anyio.create_task_group() as group:
        for slot, user_id in enumerate(user_ids):
            slots[slot] = None
            group.start_soon(fill, slot, user_id)
    return list(slots.values())
