# style: begins to read as soon as it is made, before anybody asks for a result
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


def checkout_stream(services, ids, limit):
    room = asyncio.Semaphore(limit)
    begun = asyncio.Queue()
    tasks = []

    async def read():
        await room.acquire()
        async for user_id in ids:
            tasks.append(asyncio.create_task(outcome(services, user_id)))
            begun.put_nowait(tasks[-1])
            await room.acquire()

    reader = asyncio.create_task(read())
    reader.add_done_callback(lambda _: begun.put_nowait(None))

    async def results():
        while task := await begun.get():
            yield await task
            room.release()
        await reader

    return Closing(results(), reader, tasks)


class Closing:
    def __init__(self, results, reader, tasks):
        self.results = results
        self.reader = reader
        self.tasks = tasks

    def __aiter__(self):
        return self

    async def __anext__(self):
        return await anext(self.results)

    async def aclose(self):
        for task in (self.reader, *self.tasks):
            task.cancel()
        await asyncio.gather(self.reader, *self.tasks, return_exceptions=True)
        await self.results.aclose()
