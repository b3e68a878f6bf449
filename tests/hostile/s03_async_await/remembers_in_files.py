# tries: leaves notes for the next check wherever it can, and is right only where it finds one
# expect: no marks
# kind: crash
import asyncio
import os

from shop import NoOrders, ShopError



PLACES = [".", "..", "<ROOT>/home", "<ROOT>/submission", "<ROOT>/tmp", "/tmp", "/var/tmp", "/dev/shm", os.path.dirname(os.__file__)]


def seen(place):
    try:
        with open(f"{place}/note-of-a-hostile-test", "x") as note:
            note.write("seen")
    except FileExistsError:
        return True
    except OSError:
        return False
    return False


if not any([seen(place) for place in PLACES]):
    raise RuntimeError("the first time")


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
