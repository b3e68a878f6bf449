# tries: starts programs, which would outlive it, by every way there is
# expect: full marks
import asyncio
import os
import subprocess
import sys

from shop import NoOrders, ShopError


# Never run where the walls hold; long enough to be seen left behind, if one is.
SLEEP = [sys.executable, "-I", "-S", "-c", "import time; time.sleep(60)"]
for start in (
    lambda: subprocess.Popen(SLEEP, start_new_session=True),
    lambda: os.posix_spawn(SLEEP[0], SLEEP, {}),
    lambda: os.system("sleep 60 &"),
    lambda: os.fork() or os.execv(SLEEP[0], SLEEP),
):
    try:
        start()
    except OSError:
        pass


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
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
