# expect: failed test_bug_comes_out_of_the_batch
# expect: failed test_bug_stops_the_other_checkouts
# expect: passed test_batch_keeps_failures_as_values
# expect: passed test_bug_at_step_3
# mistake: return_exceptions=True puts every exception into the list, bugs too
# kind: behaviour
import asyncio

from shop import NoOrders


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        return await services.process_payment(
            await services.get_order_details(orders[0])
        )


async def checkout_many(services, user_ids):
    checkouts = (checkout(services, user_id) for user_id in user_ids)
    return await asyncio.gather(*checkouts, return_exceptions=True)
