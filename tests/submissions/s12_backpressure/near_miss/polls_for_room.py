# expect: failed test_closing_stops_it
# expect: passed test_keeps_the_order_of_the_ids
# expect: passed test_never_has_more_in_flight
# mistake: looks every tenth of a second whether there is room, and never stops looking
# kind: behaviour|leak
import asyncio

from shop import NoOrders, ShopError


async def checkout(services, user_id):
    user = await services.get_user_data(user_id)
    orders = await services.get_orders(user)
    if not orders:
        raise NoOrders(user_id)
    details = await services.get_order_details(orders[0])
    return await services.process_payment(details)


async def outcome(services, user_id):
    try:
        return await checkout(services, user_id)
    except ShopError as error:
        return error


async def checkout_stream(services, ids, limit):
    begun = []
    over = False

    async def read():
        nonlocal over
        async for user_id in ids:
            begun.append(asyncio.create_task(outcome(services, user_id)))
            while len(begun) >= limit:
                await asyncio.sleep(0.1)
        over = True

    reader = asyncio.create_task(read())
    while begun or not over:
        if begun:
            yield await begun[0]
            del begun[0]
        else:
            await asyncio.sleep(0.1)
    await reader
