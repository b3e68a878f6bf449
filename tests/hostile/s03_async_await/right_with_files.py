# tries: is right, and works with files of its own and with hard computing while it is imported
# expect: full marks
import asyncio
import os
import secrets
import sqlite3
import tempfile

from shop import NoOrders, ShopError


with tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, "note"), "w") as note:
        note.write(str(sum(range(1_000_000))))
with sqlite3.connect(":memory:") as database:
    database.execute("create table note (text)")
TOKEN = secrets.token_hex(8)


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
