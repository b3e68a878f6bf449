# expect: failed test_checkouts_overlap
# expect: passed test_pays_the_first_order
# expect: passed test_timeout_covers_the_whole
# expect: passed test_empty_batch
# mistake: the batch awaits each checkout before it starts the next
# kind: behaviour|stuck
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
    outcomes = []
    for user_id in user_ids:
        try:
            outcomes.append(await checkout(services, user_id))
        except ShopError as failure:
            outcomes.append(failure)
    return outcomes
