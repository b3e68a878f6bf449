# tries: raises classes of its own that bear the names of the shop's errors
# expect: failed test_user_not_found
# expect: failed test_no_orders
# expect: failed test_bug_at_step_3
# kind: behaviour
import asyncio
import shop

from shop import ShopError



def disguised(name):
    return type(name, (Exception,), {"__module__": "shop", "__class__": vars(shop).get(name)})


async def checkout(services, user_id, *, timeout=None):
    try:
        async with asyncio.timeout(timeout):
            user = await services.get_user_data(user_id)
            orders = await services.get_orders(user)
            if not orders:
                raise disguised("NoOrders")
            details = await services.get_order_details(orders[0])
            return await services.process_payment(details)
    except Exception as failure:
        raise disguised(type(failure).__name__) from None


async def checkout_many(services, user_ids):
    async def outcome(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(outcome(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
