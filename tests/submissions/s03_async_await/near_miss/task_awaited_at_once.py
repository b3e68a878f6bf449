# expect: failed test_checkouts_overlap
# expect: passed test_payment_declined
# expect: passed test_empty_batch
# mistake: create_task and then await in the same turn of the for loop: still one after another
# kind: behaviour|stuck
import asyncio

from shop import NoOrders, ShopError


async def checkout(services, user_id, *, timeout=None):
    return await asyncio.wait_for(four_steps(services, user_id), timeout)


async def four_steps(services, user_id):
    user = await services.get_user_data(user_id)
    match await services.get_orders(user):
        case []:
            raise NoOrders
        case [first, *_]:
            return await services.process_payment(
                await services.get_order_details(first)
            )


async def checkout_many(services, user_ids):
    outcomes = []
    async with asyncio.TaskGroup() as group:
        for user_id in user_ids:
            try:
                outcomes.append(await group.create_task(settle(services, user_id)))
            except ShopError as failure:
                outcomes.append(failure)
    return outcomes


async def settle(services, user_id):
    try:
        return await checkout(services, user_id)
    except ShopError as failure:
        return failure
