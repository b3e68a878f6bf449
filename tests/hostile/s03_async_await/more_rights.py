# tries: is right only if it gets other rights: a namespace, a mount, another user, a filter of its own
# expect: no marks
# kind: crash
import asyncio
import ctypes
import os

from shop import NoOrders, ShopError


LIBC = ctypes.CDLL(None)
CLONE_NEWUSER, CLONE_NEWNS = 0x10000000, 0x20000
ATTEMPTS = [
    LIBC.unshare(CLONE_NEWUSER),
    LIBC.unshare(CLONE_NEWNS),
    LIBC.mount(b"none", b".", b"tmpfs", 0, None),
    LIBC.chroot(b"."),
    LIBC.setuid(0) if os.getuid() else -1,
    LIBC.sethostname(b"harmed", 6) if os.getuid() else -1,
]
if 0 not in ATTEMPTS:
    raise RuntimeError("no right")


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
