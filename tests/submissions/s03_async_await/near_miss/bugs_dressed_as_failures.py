# expect: failed test_bug_comes_out_of_the_batch
# expect: passed test_bug_at_step_3
# expect: passed test_batch_keeps_failures_as_values
# expect: passed test_batch_keeps_the_order_of_its_input
# mistake: `except Exception` in the batch wraps every bug into a ShopError
# kind: behaviour
import asyncio

from shop import NoOrders, ShopError


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        details = await services.get_order_details(orders[0])
        return await services.process_payment(details)


class Settled:
    def __init__(self, services):
        self.services = services

    async def __call__(self, user_id):
        try:
            return await checkout(self.services, user_id)
        except ShopError as failure:
            return failure
        except Exception as error:
            return ShopError(str(error))


async def checkout_many(services, user_ids):
    settle = Settled(services)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(settle(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
