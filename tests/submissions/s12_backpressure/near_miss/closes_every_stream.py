# expect: failed test_closing_stops_it
# expect: passed test_failures_are_values
# expect: passed test_never_has_more_in_flight
# mistake: the tasks under way belong to the module, and closing one stream cancels those of all
# kind: behaviour
import asyncio
from shop import NoOrders, ShopError

Outcome = "asyncio.Task[Payment | ShopError]"
UNDER_WAY = set()


async def checkout(services, user_id):
    user = await services.get_user_data(user_id)
    orders = await services.get_orders(user)
    if not orders:
        raise NoOrders(user_id)
    details = await services.get_order_details(orders[0])
    return await services.process_payment(details)


async def checkout_stream(services, ids, limit):
    room = asyncio.Semaphore(limit)
    begun = asyncio.Queue()
    under_way = UNDER_WAY
    reader = asyncio.create_task(_read(services, ids, room, begun, under_way))
    try:
        while task := (await begun.get()):
            yield (await task)
            under_way.discard(task)
            room.release()
        await reader
    finally:
        for started in (reader, *under_way):
            started.cancel()
        await asyncio.gather(reader, *under_way, return_exceptions=True)
        under_way.clear()


async def _read(services, ids, room, begun, under_way):
    try:
        await room.acquire()
        async for user_id in ids:
            task = asyncio.create_task(_outcome(services, user_id))
            under_way.add(task)
            begun.put_nowait(task)
            await room.acquire()
    finally:
        begun.put_nowait(None)


async def _outcome(services, user_id):
    try:
        return await checkout(services, user_id)
    except ShopError as error:
        return error
