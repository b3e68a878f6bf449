# style: a class with __anext__ and aclose, and a bounded queue of tasks
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


class checkout_stream:
    def __init__(self, services, ids, limit):
        self.services = services
        self.ids = ids
        self.room = asyncio.Semaphore(limit)
        self.queue = asyncio.Queue()
        self.reader = None
        self.tasks = []
        self.taken = False

    def __aiter__(self):
        return self

    async def read(self):
        try:
            await self.room.acquire()
            async for user_id in self.ids:
                task = asyncio.create_task(outcome(self.services, user_id))
                self.tasks.append(task)
                self.queue.put_nowait(task)
                await self.room.acquire()
        finally:
            self.queue.put_nowait(None)

    async def __anext__(self):
        if self.reader is None:
            self.reader = asyncio.create_task(self.read())
        if self.taken:
            self.taken = False
            self.room.release()
        task = await self.queue.get()
        if task is None:
            await self.reader
            raise StopAsyncIteration
        result = await task
        self.taken = True
        return result

    async def aclose(self):
        mine = [*self.tasks, *([self.reader] if self.reader else [])]
        for task in mine:
            task.cancel()
        await asyncio.gather(*mine, return_exceptions=True)
