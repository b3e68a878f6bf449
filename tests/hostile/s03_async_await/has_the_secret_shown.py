# tries: has the compiler, a traceback and a warning show a line of the secret's file
# expect: full marks
import asyncio
import traceback
import warnings

from shop import NoOrders, ShopError


for show in (
    lambda: compile(open("<ROOT>/secret.py").read(), "<ROOT>/secret.py", "exec"),
    lambda: exec(compile("\n1 / 0", "<ROOT>/secret.txt", "exec")),
    lambda: warnings.warn_explicit("look", UserWarning, "<ROOT>/secret.txt", 1),
):
    try:
        show()
    except Exception:
        traceback.print_exc()


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
