# expect: failed test_empty_batch
# expect: passed test_batch_keeps_the_order_of_its_input
# expect: passed test_bug_stops_the_other_checkouts
# expect: passed test_batch_cancelled
# mistake: asyncio.wait refuses an empty set
# kind: behaviour|crash
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


async def settle(services, user_id):
    try:
        return await checkout(services, user_id)
    except ShopError as failure:
        return failure


async def checkout_many(services, user_ids):
    tasks = [asyncio.create_task(settle(services, user_id)) for user_id in user_ids]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in tasks:
            if task.done():
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return [task.result() for task in tasks]
