# expect: failed test_checkouts_overlap
# expect: passed test_pays_the_first_order
# expect: passed test_batch_keeps_the_order_of_its_input
# expect: passed test_empty_batch
# mistake: the batch begins a checkout when the one before it has ended
# kind: behaviour|stuck
import asyncio

from shop import NoOrders, ShopError


class Answer(asyncio.Future):
    def __init__(self, service, argument):
        super().__init__()
        try:
            service(argument, self.good, self.bad)
        except Exception as error:
            self.bad(error)

    def good(self, value):
        self.done() or self.set_result(value)

    def bad(self, error):
        self.done() or self.set_exception(error)


class Pipeline:
    def __init__(self, services, user_id):
        self.services, self.user_id = services, user_id

    def __await__(self):
        user = yield from Answer(self.services.get_user_data, self.user_id)
        orders = yield from Answer(self.services.get_orders, user)
        if not orders:
            raise NoOrders
        details = yield from Answer(self.services.get_order_details, orders[0])
        return (yield from Answer(self.services.process_payment, details))


class Batch:
    def __init__(self, pipelines):
        self.pipelines = pipelines

    def __await__(self):
        outcomes = []
        for pipeline in self.pipelines:
            try:
                outcomes.append((yield from pipeline.__await__()))
            except ShopError as failure:
                outcomes.append(failure)
        return outcomes


def checkout(services, user_id):
    return asyncio.ensure_future(Pipeline(services, user_id))


def checkout_many(services, user_ids):
    return asyncio.ensure_future(Batch([Pipeline(services, one) for one in user_ids]))
