# expect: failed test_pays_the_first_order
# expect: failed test_payment_declined
# expect: passed test_user_not_found
# expect: passed test_empty_batch
# mistake: os.read of a pipe that a thread writes to later
# kind: blocking
# line: 25
import asyncio
import os
import threading
import time

from shop import NoOrders, ShopError


def assign_number(writing_end, details):
    time.sleep(0.15)
    os.write(writing_end, str(details.order_id).encode())
    os.close(writing_end)


def receipt_number(details):
    reading_end, writing_end = os.pipe()
    threading.Thread(target=assign_number, args=(writing_end, details)).start()
    number = os.read(reading_end, 64)
    os.close(reading_end)
    return number


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        details = await services.get_order_details(orders[0])
        receipt_number(details)
        return await services.process_payment(details)


async def checkout_many(services, user_ids):
    async def settle(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(settle(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
