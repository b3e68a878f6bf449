# expect: failed test_timeout_at_each_step
# expect: failed test_cancelled_at_each_step
# expect: passed test_user_not_found
# expect: passed test_pays_the_first_order
# mistake: the payment is a task of its own, and whoever cancels the checkout does not reach it
# kind: behaviour|leak
import asyncio

from shop import NoOrders, ShopError


async def pay_in_background(services, details, told):
    try:
        payment = await services.process_payment(details)
    except Exception as error:
        told.done() or told.set_exception(error)
    else:
        told.done() or told.set_result(payment)


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        details = await services.get_order_details(orders[0])
        told = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(pay_in_background(services, details, told))
        told.add_done_callback(lambda _, keep=task: None)
        return await told


async def checkout_many(services, user_ids):
    async def settle(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(settle(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
