# expect: failed test_has_as_many_in_flight_as_it_may
# expect: passed test_failures_are_values
# expect: passed test_never_has_more_in_flight
# mistake: the limit belongs to the module, and is that of the first stream
# kind: behaviour
import asyncio
from shop import NoOrders, ShopError

_rooms = {}
_rooms_limit = []
Outcome = "asyncio.Task[Payment | ShopError]"


async def checkout(services, user_id):
    user = await services.get_user_data(user_id)
    orders = await services.get_orders(user)
    if not orders:
        raise NoOrders(user_id)
    details = await services.get_order_details(orders[0])
    return await services.process_payment(details)


async def checkout_stream(services, ids, limit):
    room = _rooms.setdefault("room", asyncio.Semaphore(limit))
    begun = asyncio.Queue()
    _rooms_limit[:] = _rooms_limit or [limit]
    under_way = set()
    reader = asyncio.create_task(_read(services, ids, room, begun, under_way))
    try:
        while task := (await begun.get()):
            yield (await task)
            under_way.remove(task)
            room.release()
        await reader
    finally:
        while room._value < _rooms_limit[0]:
            room.release()
        for started in (reader, *under_way):
            started.cancel()
        await asyncio.gather(reader, *under_way, return_exceptions=True)


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
