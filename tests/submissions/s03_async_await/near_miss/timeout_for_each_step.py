# expect: failed test_timeout_covers_the_whole
# expect: passed test_ample_timeout
# expect: passed test_cancelled_under_a_timeout
# mistake: every step gets the whole time-out for itself, so four slow steps take four times as long
# kind: behaviour
import anyio
from shop import NoOrders, ShopError


async def within(seconds, step):
    with anyio.fail_after(seconds):
        return await step


async def checkout(services, user_id, *, timeout=None):
    user = await within(timeout, services.get_user_data(user_id))
    orders = await within(timeout, services.get_orders(user))
    if not orders:
        raise NoOrders
    details = await within(timeout, services.get_order_details(orders[0]))
    return await within(timeout, services.process_payment(details))


async def checkout_many(services, user_ids):
    outcomes = []

    async def fill(place, user_id):
        try:
            outcomes[place] = await checkout(services, user_id)
        except ShopError as failure:
            outcomes[place] = failure

    async with anyio.create_task_group() as group:
        for place, user_id in enumerate(user_ids):
            outcomes.append(None)
            group.start_soon(fill, place, user_id)
    return outcomes
