# expect: failed test_bug_stops_the_other_checkouts
# expect: passed test_bug_comes_out_of_the_batch
# expect: passed test_nothing_is_left_running
# expect: passed test_batch_keeps_failures_as_values
# mistake: an error that is no ShopError comes out when all others have paid
# kind: behaviour
import asyncio
from shop import NoOrders, ShopError


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        details = await services.get_order_details(orders[0])
        return await services.process_payment(details)


async def checkout_many(services, user_ids):
    outcomes = await asyncio.gather(
        *(checkout(services, user_id) for user_id in list(user_ids)), return_exceptions=True
    )
    for outcome in outcomes:
        if isinstance(outcome, BaseException) and (not isinstance(outcome, ShopError)):
            raise outcome
    return list(outcomes)
