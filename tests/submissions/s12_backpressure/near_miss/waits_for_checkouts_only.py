# expect: failed test_closing_stops_it
# expect: passed test_keeps_the_order_of_the_ids
# expect: passed test_never_has_more_in_flight
# expect: passed test_reads_no_further_than_the_limit
# expect: passed test_cancelling_stops_it
# expect: passed test_bug_comes_out
# mistake: is closed while its reader still waits for the next id
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


async def read(services, ids, room, begun, tasks):
    try:
        await room.acquire()
        async for user_id in ids:
            tasks.append(asyncio.create_task(outcome(services, user_id)))
            begun.put_nowait(tasks[-1])
            await room.acquire()
    finally:
        begun.put_nowait(None)


async def checkout_stream(services, ids, limit):
    room = asyncio.Semaphore(limit)
    begun = asyncio.Queue()
    tasks = []
    reader = asyncio.create_task(read(services, ids, room, begun, tasks))
    try:
        while task := await begun.get():
            yield await task
            room.release()
        await reader
    finally:
        for started in (reader, *tasks):
            started.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
