# tries: says that it is idle until infinity, and beyond
# expect: no marks
# kind: tampering
import asyncio
import sys

from shop import NoOrders, ShopError


def found(name):
    """A local variable of whoever imports us."""
    frame = sys._getframe()
    while name not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals[name]


WIRE = found("channel").wire.socket


def act(services):
    WIRE.send(b'[{"type": "Idle", "number": 2, "timer": 1e999, "accepted": 1}]')


async def checkout(services, user_id, *, timeout=None):
    act(services)
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        details = await services.get_order_details(orders[0])
        return await services.process_payment(details)


async def checkout_many(services, user_ids):
    act(services)

    async def outcome(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(outcome(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
