# expect: failed test_timeout_at_each_step
# expect: failed test_timeout_covers_the_whole
# expect: passed test_payment_declined
# expect: passed test_cancelled_under_a_timeout
# mistake: a checkout that is too slow raises PaymentDeclined instead of TimeoutError
# kind: behaviour
import asyncio

from shop import NoOrders, PaymentDeclined, ShopError


async def checkout(services, user_id, *, timeout=None):
    try:
        async with asyncio.timeout(timeout):
            user = await services.get_user_data(user_id)
            orders = await services.get_orders(user)
            if not orders:
                raise NoOrders
            details = await services.get_order_details(orders[0])
            return await services.process_payment(details)
    except TimeoutError as late:
        raise PaymentDeclined("took too long") from late


async def tolerant(services, user_id):
    try:
        return await checkout(services, user_id)
    except ShopError as failure:
        return failure


async def checkout_many(services, user_ids):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(tolerant(services, one)) for one in user_ids]
    return [task.result() for task in tasks]
