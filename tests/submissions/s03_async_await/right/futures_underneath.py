# style: done-callbacks on tasks, one future that tells the batch how it ended
import asyncio

from shop import NoOrders, ShopError


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if orders == []:
            raise NoOrders
        return await services.process_payment(
            await services.get_order_details(orders[0])
        )


class Batch:
    def __init__(self, services, user_ids):
        self.first_bug = None
        self.ended = asyncio.get_running_loop().create_future()
        self.tasks = [asyncio.create_task(checkout(services, u)) for u in user_ids]
        self.left = len(self.tasks)
        for task in self.tasks:
            task.add_done_callback(self.one_ended)
        if not self.tasks:
            self.ended.set_result(None)

    def one_ended(self, task):
        self.left -= 1
        error = None if task.cancelled() else task.exception()
        if error and not isinstance(error, ShopError):
            self.first_bug = self.first_bug or error
            self.stop()
        if not self.left:
            self.ended.set_result(None)

    def stop(self):
        for task in self.tasks:
            task.cancel()

    async def outcome(self):
        interrupted = None
        while not self.ended.done():
            try:
                await asyncio.shield(self.ended)
            except asyncio.CancelledError as cancelled:
                interrupted = cancelled
                self.stop()
        if interrupted or self.first_bug:
            raise interrupted or self.first_bug
        return [task.exception() or task.result() for task in self.tasks]


async def checkout_many(services, user_ids):
    return await Batch(services, user_ids).outcome()
