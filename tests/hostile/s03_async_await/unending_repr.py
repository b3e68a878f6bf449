# tries: returns a value whose text never ends, and whose class is computed
# expect: failed test_pays_the_first_order
# expect: failed test_checkouts_overlap
# kind: behaviour|blocking|limit
import asyncio

from shop import NoOrders, ShopError


class Long(type):
    __name__ = property(lambda cls: "x" * (32 << 20))


class Endless(metaclass=Long):
    def __repr__(self):
        return "payment " * (4 << 20)

    def __reduce__(self):
        return print, ("pickled",)


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        details = await services.get_order_details(orders[0])
        return Endless()


async def checkout_many(services, user_ids):
    async def outcome(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(outcome(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
