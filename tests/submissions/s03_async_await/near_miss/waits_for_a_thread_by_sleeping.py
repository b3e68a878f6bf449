# expect: failed test_pays_the_first_order
# expect: failed test_payment_declined
# expect: passed test_details_unavailable
# expect: passed test_empty_batch
# mistake: polls a thread with time.sleep(0.01) inside a coroutine
# kind: blocking
# line: 24
import asyncio
import threading
import time

from shop import NoOrders, ShopError


def audit(details, report):
    time.sleep(0.06)
    report["amount"] = details.amount


async def audited(details):
    report = {}
    threading.Thread(target=audit, args=(details, report)).start()
    while not report:
        time.sleep(0.01)
    return details


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        details = await audited(await services.get_order_details(orders[0]))
        return await services.process_payment(details)


async def settle(services, user_id):
    try:
        return await checkout(services, user_id)
    except ShopError as failure:
        return failure


async def checkout_many(services, user_ids):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(settle(services, user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
