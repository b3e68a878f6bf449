# expect: failed test_user_not_found
# expect: passed test_empty_batch
# mistake: steps 1 and 2 are gathered, so orders are asked for before the user is known
# kind: behaviour|leak
import asyncio

from shop import NoOrders, ShopError, User


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        guess = User(id=user_id, name="?")
        async with asyncio.TaskGroup() as hurry:
            hurry.create_task(hold_errors(services.get_user_data(user_id), errors := []))
            asking = hurry.create_task(hold_errors(services.get_orders(guess), errors))
        if errors:
            raise errors[0]
        orders = asking.result()
        if not orders:
            raise NoOrders
        details = await services.get_order_details(orders[0])
        return await services.process_payment(details)


async def hold_errors(coroutine, errors):
    try:
        return await coroutine
    except Exception as error:
        errors.append(error)


async def checkout_many(services, user_ids):
    async def settle(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(settle(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
