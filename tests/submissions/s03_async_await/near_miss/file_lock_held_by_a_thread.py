# expect: failed test_pays_the_first_order
# expect: passed test_user_not_found
# expect: passed test_empty_batch
# mistake: the loop asks for a file lock that a thread holds, and sleeps in flock
# kind: blocking
# line: 29
import asyncio
import fcntl
import threading
import time

from shop import NoOrders, ShopError


def write_the_book(tell):
    with open(__file__) as theirs:
        fcntl.flock(theirs, fcntl.LOCK_EX)
        tell()
        time.sleep(0.15)


async def book(details):
    written = asyncio.Event()
    loop = asyncio.get_running_loop()
    tell = lambda: loop.call_soon_threadsafe(written.set)
    threading.Thread(target=write_the_book, args=(tell,), daemon=True).start()
    await written.wait()
    with open(__file__) as ours:
        fcntl.flock(ours, fcntl.LOCK_EX)
    return details


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        details = await book(await services.get_order_details(orders[0]))
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
