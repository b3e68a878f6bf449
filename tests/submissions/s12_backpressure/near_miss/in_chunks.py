# expect: failed test_has_as_many_in_flight_as_it_may
# expect: passed test_keeps_the_order_of_the_ids
# expect: passed test_never_has_more_in_flight
# expect: passed test_closing_stops_it
# mistake: gathers as many as the limit allows, and gives nothing before all of them are done
# kind: behaviour
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
    chunk = []
    async for user_id in ids:
        chunk.append(user_id)
        if len(chunk) == limit:
            for result in await asyncio.gather(*(outcome(services, each) for each in chunk)):
                yield result
            chunk = []
    for result in await asyncio.gather(*(outcome(services, each) for each in chunk)):
        yield result
