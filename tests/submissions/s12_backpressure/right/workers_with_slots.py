# style: as many workers as the limit, which share the source behind a lock
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


def failed(error):
    slot = asyncio.get_running_loop().create_future()
    slot.set_exception(error)
    return slot


async def checkout_stream(services, ids, limit):
    source = aiter(ids)
    turn = asyncio.Lock()
    room = asyncio.Semaphore(limit)
    slots = asyncio.Queue()

    async def work():
        while True:
            await room.acquire()
            async with turn:
                try:
                    user_id = await anext(source)
                except StopAsyncIteration:
                    slots.put_nowait(None)
                    return
                except Exception as error:
                    slots.put_nowait(failed(error))
                    return
                slot = asyncio.get_running_loop().create_future()
                slots.put_nowait(slot)
            try:
                slot.set_result(await outcome(services, user_id))
            except Exception as error:
                slot.set_exception(error)

    workers = [asyncio.create_task(work()) for _ in range(limit)]
    try:
        while slot := await slots.get():
            yield await slot
            room.release()
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
