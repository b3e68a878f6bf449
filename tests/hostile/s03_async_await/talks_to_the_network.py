# tries: is right only if it can open a socket of any kind, bind it, or connect it
# expect: no marks
# kind: crash
import asyncio
import socket

from shop import NoOrders, ShopError


def can(family, kind, address):
    try:
        with socket.socket(family, kind) as one:
            one.bind(address)
            return True
    except OSError:
        return False


if not any(
    can(family, kind, address)
    for family, address in [
        (socket.AF_INET, ("127.0.0.1", 0)),
        (socket.AF_INET6, ("::1", 0)),
        (socket.AF_UNIX, "\0hostile"),
        (socket.AF_UNIX, "hostile.sock"),
        (socket.AF_NETLINK, (0, 0)),
    ]
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW)
):
    raise RuntimeError("no socket")


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
