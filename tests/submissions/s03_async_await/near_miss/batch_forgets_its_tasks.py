# expect: failed test_batch_cancelled
# expect: passed test_batch_keeps_failures_as_values
# expect: passed test_checkouts_overlap
# expect: passed test_cancelled_at_each_step
# mistake: tasks awaited one by one; a cancelled batch reaches only the one it is waiting for
# kind: behaviour|leak
import asyncio

from shop import NoOrders, ShopError


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        details = await services.get_order_details(orders[0])
        return await services.process_payment(details)


async def checkout_many(services, user_ids):
    tasks = [asyncio.create_task(checkout(services, user_id)) for user_id in user_ids]
    outcomes = []
    try:
        for task in tasks:
            try:
                outcomes.append(await task)
            except ShopError as failure:
                outcomes.append(failure)
    except Exception:  # a bug: stop the others
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
    return outcomes
