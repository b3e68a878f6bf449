# expect: failed test_bug_comes_out_of_the_batch
# expect: passed test_pays_the_first_order
# expect: passed test_payment_declined
# expect: passed test_batch_keeps_failures_as_values
# mistake: in a batch a bug of the payment is taken for PaymentDeclined
# kind: behaviour
import asyncio
from shop import NoOrders, PaymentDeclined, ShopError


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        details = await services.get_order_details(orders[0])
        return await services.process_payment(details)


async def checkout_many(services, user_ids):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_outcome(services, user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]


async def _outcome(services, user_id):
    try:
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        details = await services.get_order_details(orders[0])
        try:
            return await services.process_payment(details)
        except (LookupError, ValueError) as error:
            raise PaymentDeclined(str(error)) from error
    except ShopError as error:
        return error
