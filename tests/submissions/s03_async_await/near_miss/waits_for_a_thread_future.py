# expect: failed test_pays_the_first_order
# expect: failed test_payment_declined
# expect: passed test_user_not_found
# expect: passed test_empty_batch
# mistake: Future.result() of a thread pool inside a coroutine
# kind: blocking
# line: 30
import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

from shop import NoOrders, ShopError


def print_receipt(details):
    time.sleep(0.15)
    return f"order {details.order_id}: {details.amount / 100:.2f}"


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        details = await services.get_order_details(orders[0])
        printer = ThreadPoolExecutor(max_workers=1)
        printed = printer.submit(print_receipt, details)
        printer.shutdown(wait=False)
        printed.result(timeout=5)
        return await services.process_payment(details)


async def settle(services, user_id):
    try:
        return await checkout(services, user_id)
    except ShopError as failure:
        return failure


async def checkout_many(services, user_ids):
    async with asyncio.TaskGroup() as group:
        jobs = [group.create_task(settle(services, user_id)) for user_id in user_ids]
    return [job.result() for job in jobs]
