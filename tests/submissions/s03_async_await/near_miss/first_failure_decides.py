# expect: failed test_bug_comes_out_of_the_batch
# expect: passed test_pays_the_first_order
# expect: passed test_batch_keeps_failures_as_values
# expect: passed test_bug_at_step_3
# mistake: only the first failure of a batch is looked at, and the bug is behind it
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
    tasks = [asyncio.create_task(checkout(services, user_id)) for user_id in user_ids]
    pending = set(tasks)
    try:
        while pending:
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_EXCEPTION)
            failed = next((task for task in tasks if task in done and task.exception()), None)
            if failed and (not isinstance(failed.exception(), ShopError)):
                raise failed.exception()
    finally:
        for task in pending:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return [task.exception() or task.result() for task in tasks]


async def _outcome(services, user_id):
    try:
        return await checkout(services, user_id)
    except ShopError as error:
        return error
