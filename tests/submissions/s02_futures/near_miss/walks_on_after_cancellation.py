# expect: failed test_cancelled_at_each_step
# expect: failed test_batch_cancelled
# expect: passed test_pays_the_first_order
# expect: passed test_answered_twice
# expect: passed test_details_unavailable
# mistake: the next step starts although the future was cancelled meanwhile
# kind: behaviour
import asyncio

from shop import NoOrders, ShopError


class Checkout:
    def __init__(self, services, user_id):
        self.services = services
        self.future = asyncio.get_running_loop().create_future()
        self.step = 0
        self.call(services.get_user_data, user_id, self.got_user)

    def call(self, service, argument, then):
        self.step += 1
        mine = self.step

        def current():
            return mine == self.step

        def on_done(value):
            if current():
                self.step += 1  # nothing more is heard of this call
                then(value)

        def on_error(error):
            if current() and not self.future.done():
                self.step += 1
                self.future.set_exception(error)

        try:
            service(argument, on_done, on_error)
        except Exception as error:
            on_error(error)

    def got_user(self, user):
        self.call(self.services.get_orders, user, self.got_orders)

    def got_orders(self, orders):
        if orders:
            self.call(self.services.get_order_details, orders[0], self.got_details)
        elif not self.future.done():
            self.future.set_exception(NoOrders())

    def got_details(self, details):
        self.call(self.services.process_payment, details, self.paid)

    def paid(self, payment):
        if not self.future.done():
            self.future.set_result(payment)


def checkout(services, user_id):
    return Checkout(services, user_id).future


class Batch(asyncio.Future):
    def __init__(self, payments):
        super().__init__()
        self.payments = payments
        self.missing = len(payments)
        for payment in payments:
            payment.add_done_callback(self.one_less)
        if not payments:
            self.set_result([])

    def one_less(self, payment):
        error = asyncio.CancelledError() if payment.cancelled() else payment.exception()
        self.missing -= 1
        if self.done():
            return
        if error and not isinstance(error, ShopError):
            self.set_exception(error)
        elif not self.missing:
            self.set_result([p.exception() or p.result() for p in self.payments])

    def cancel(self, msg=None):
        if not super().cancel(msg):
            return False
        for payment in self.payments:
            payment.cancel()
        return True


def checkout_many(services, user_ids):
    return Batch([checkout(services, user_id) for user_id in user_ids])
