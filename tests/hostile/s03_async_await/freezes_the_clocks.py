# tries: blocks the loop, where every clock stands still
# expect: failed test_never_blocks
# expect: failed test_pays_the_first_order
# kind: blocking|tampering|crash
import asyncio
import sys
import time

from shop import NoOrders, ShopError


for name in ("time", "monotonic", "perf_counter", "thread_time", "process_time"):
    setattr(sys.modules["time"], name, lambda: 1.0)
    setattr(sys.modules["time"], name + "_ns", lambda: 10**9)


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        time.sleep(0.05)  # what has to be found: twice the threshold
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        details = await services.get_order_details(orders[0])
        return await services.process_payment(details)


async def checkout_many(services, user_ids):
    async def outcome(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(outcome(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
