# expect: failed test_cancelled_at_each_step
# expect: passed test_pays_the_first_order
# expect: passed test_payment_declined
# expect: passed test_ample_timeout
# mistake: a return inside finally swallows the cancellation that comes while paying
# kind: behaviour
import asyncio

from shop import NoOrders, ShopError


async def pay(services, details):
    payment = failure = None
    try:
        payment = await services.process_payment(details)
    except Exception as error:
        failure = error
    finally:
        return payment, failure


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        details = await services.get_order_details(orders[0])
        payment, failure = await pay(services, details)
        if failure:
            raise failure
        return payment


async def checkout_many(services, user_ids):
    async def settle(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(settle(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
