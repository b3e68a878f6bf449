# expect: failed test_batch_cancelled
# expect: passed test_batch_keeps_repeats
# expect: passed test_cancelled_at_each_step
# expect: passed test_bug_comes_out_of_the_batch
# mistake: what is under way is kept by user, so one of two checkouts of the same user is not cancelled
# kind: behaviour
import asyncio
from functools import partial
from shop import NoOrders, ShopError


def checkout(services, user_id):
    paid = asyncio.Future()

    def ask(service, argument, then):
        inbox = asyncio.Future()

        def deliver(inbox):
            good, value = inbox.result()
            if paid.done():
                return
            then(value) if good else paid.set_exception(value)

        def put(good, value):
            if not inbox.done():
                inbox.set_result((good, value))

        inbox.add_done_callback(deliver)
        try:
            service(argument, partial(put, True), partial(put, False))
        except Exception as error:
            put(False, error)

    def with_user(user):
        ask(services.get_orders, user, with_orders)

    def with_orders(orders):
        if len(orders):
            ask(services.get_order_details, orders[0], with_details)
        else:
            paid.set_exception(NoOrders(f"user {user_id}"))

    def with_details(details):
        ask(services.process_payment, details, paid.set_result)

    ask(services.get_user_data, user_id, with_user)
    return paid


class Batch(asyncio.Future):
    def __init__(self, services, user_ids):
        super().__init__()
        self.under_way = {}
        places = list(user_ids)
        self.results = [None] * len(places)
        self.missing = len(places)
        if not places:
            self.set_result([])
        for place, user_id in enumerate(places):
            payment = checkout(services, user_id)
            self.under_way[user_id] = payment
            payment.add_done_callback(partial(self.fill, place))

    def fill(self, place, payment):
        error = None if payment.cancelled() else payment.exception()
        if self.done():
            return
        if error is not None and (not isinstance(error, ShopError)):
            self.set_exception(error)
            return
        self.results[place] = payment.result() if error is None else error
        self.missing -= 1
        if self.missing == 0:
            self.set_result(self.results)

    def cancel(self, msg=None):
        for payment in self.under_way.values():
            payment.cancel()
        return super().cancel(msg)


def checkout_many(services, user_ids):
    return Batch(services, user_ids)
