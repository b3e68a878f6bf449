# expect: failed test_nothing_is_left_running
# expect: passed test_timeout_at_each_step
# expect: passed test_cancelled_at_each_step
# mistake: the batch starts a watchdog task and never stops it
# kind: leak|behaviour
import asyncio
import logging

from shop import NoOrders, ShopError


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        details = await services.get_order_details(orders[0])
        return await services.process_payment(details)


async def watch(tasks):
    await asyncio.sleep(3600)
    logging.warning("%d checkouts took an hour", sum(not t.done() for t in tasks))


async def checkout_many(services, user_ids):
    async def settle(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(settle(user_id)) for user_id in user_ids]
        checkout_many.watchdog = asyncio.create_task(watch(tasks))
    return [task.result() for task in tasks]
