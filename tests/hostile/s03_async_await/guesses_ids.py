# tries: pays by guessed order numbers, and asks for no user
# expect: failed test_pays_the_first_order
# expect: failed test_checkouts_overlap
# kind: behaviour
import asyncio

from shop import OrderDetails, ShopError



async def checkout(services, user_id, *, timeout=None):
    for guess in (user_id, user_id + 1, 1):
        try:
            return await services.process_payment(OrderDetails(guess, 100))
        except TypeError:
            continue


async def checkout_many(services, user_ids):
    async def outcome(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(outcome(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
