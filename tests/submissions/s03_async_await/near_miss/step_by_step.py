# expect: failed test_checkouts_overlap
# expect: passed test_pays_the_first_order
# expect: passed test_details_unavailable
# expect: passed test_no_orders
# expect: passed test_batch_keeps_the_order_of_its_input
# mistake: no checkout of a batch pays before all of them have their details
# kind: behaviour
import asyncio
from shop import NoOrders, ShopError


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        details = await services.get_order_details(orders[0])
        return await services.process_payment(details)


async def checkout_many(services, user_ids):
    ids = list(user_ids)
    barrier = _Phase(len(ids))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_outcome2(services, u, barrier)) for u in ids]
    return [task.result() for task in tasks]


class _Phase:
    def __init__(self, count):
        self.left = count
        self.open = asyncio.Event()

    def arrive(self):
        self.left -= 1
        if self.left <= 0:
            self.open.set()


async def _outcome2(services, user_id, phase):
    try:
        try:
            user = await services.get_user_data(user_id)
            orders = await services.get_orders(user)
            if not orders:
                raise NoOrders(user_id)
            details = await services.get_order_details(orders[0])
        finally:
            phase.arrive()
        await phase.open.wait()
        return await services.process_payment(details)
    except ShopError as error:
        return error


async def _outcome(services, user_id):
    try:
        return await checkout(services, user_id)
    except ShopError as error:
        return error
