# expect: failed test_answered_twice
# expect: passed test_pays_the_first_order
# expect: passed test_payment_declined
# expect: passed test_raises_at_once
# mistake: when step 4 answers twice, on_done is called twice
# kind: behaviour
from shop import NoOrders


class Checkout:
    def __init__(self, services, on_done, on_error):
        self.services = services
        self.on_done = on_done
        self.on_error = on_error
        self.waiting_for = None

    def call(self, service, argument, then):
        ticket = self.waiting_for = object()

        def hear(callback, value):
            if self.waiting_for is ticket:
                self.waiting_for = None
                callback(value)

        try:
            service(argument, lambda v: hear(then, v), lambda e: hear(self.on_error, e))
        except Exception as error:
            if self.waiting_for is not ticket:
                raise
            hear(self.on_error, error)

    def start(self, user_id):
        self.call(self.services.get_user_data, user_id, self.user_came)

    def user_came(self, user):
        self.call(self.services.get_orders, user, self.orders_came)

    def orders_came(self, orders):
        if orders:
            self.call(self.services.get_order_details, orders[0], self.details_came)
        else:
            self.on_error(NoOrders())

    def details_came(self, details):
        pay = self.services.process_payment
        self.call(lambda d, _, failed: pay(d, self.paid, failed), details, self.on_done)

    def paid(self, payment):
        self.waiting_for = None
        self.on_done(payment)


def checkout(services, user_id, on_done, on_error):
    Checkout(services, on_done, on_error).start(user_id)
