# tries: is right, and has changed folder, umask, hooks, signals and the collector
# expect: full marks
import asyncio
import gc
import os
import random
import signal
import sys
import threading

from shop import NoOrders, ShopError


os.mkdir("own")
os.chdir("own")
os.umask(0o077)
signal.signal(signal.SIGTERM, lambda *_: None)
signal.signal(signal.SIGINT, signal.SIG_IGN)
sys.excepthook = threading.excepthook = lambda *_: None
gc.disable()
sys.setswitchinterval(0.001)
random.seed(1)


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
