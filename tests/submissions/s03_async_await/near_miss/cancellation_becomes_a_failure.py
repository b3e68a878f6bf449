# expect: failed test_cancelled_at_each_step
# expect: failed test_cancelled_under_a_timeout
# expect: passed test_details_unavailable
# expect: passed test_checkouts_overlap
# mistake: a bare except at step 3 turns the cancellation into DetailsUnavailable
# kind: behaviour
import asyncio

from shop import DetailsUnavailable, NoOrders, ShopError


async def details_of(services, order):
    try:
        return await services.get_order_details(order)
    except Exception:
        raise
    except BaseException as unforeseen:
        raise DetailsUnavailable(order.id) from unforeseen


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        return await services.process_payment(await details_of(services, orders[0]))


async def checkout_many(services, user_ids):
    async def settle(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(settle(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
