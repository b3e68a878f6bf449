# expect: failed test_pays_the_first_order
# mistake: checkout is `async def`: it returns a coroutine and nothing starts
# kind: behaviour|structure|crash|never_awaited
import asyncio

from shop import NoOrders, ShopError


class Answer(asyncio.Future):
    """The first thing heard of one service call."""

    def __init__(self, service, argument):
        super().__init__()
        try:
            service(argument, self.good, self.bad)
        except Exception as error:
            self.bad(error)

    def good(self, value):
        if not self.done():
            self.set_result(value)

    def bad(self, error):
        if not self.done():
            self.set_exception(error)


class Steps:
    def __init__(self, services, user_id):
        self.services = services
        self.user_id = user_id

    def __await__(self):
        user = yield from Answer(self.services.get_user_data, self.user_id)
        orders = yield from Answer(self.services.get_orders, user)
        if not orders:
            raise NoOrders(self.user_id)
        details = yield from Answer(self.services.get_order_details, orders[0])
        return (yield from Answer(self.services.process_payment, details))


class Tolerant(Steps):
    def __await__(self):
        try:
            return (yield from super().__await__())
        except ShopError as failure:
            return failure


async def checkout(services, user_id):
    return await Steps(services, user_id)


def checkout_many(services, user_ids):
    return asyncio.gather(*(Tolerant(services, user_id) for user_id in user_ids))
