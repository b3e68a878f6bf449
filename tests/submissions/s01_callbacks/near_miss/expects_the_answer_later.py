# expect: failed test_answers_at_once
# expect: passed test_pays_the_first_order
# expect: passed test_payment_declined
# expect: passed test_no_orders
# mistake: an answer that comes before the service returns is not listened to
# kind: stuck|behaviour
from shop import NoOrders


class Checkout:
    def __init__(self, services, on_done, on_error):
        self.services = services
        self.on_done = on_done
        self.on_error = on_error
        self.waiting_for = None

    def call(self, service, argument, then):
        ticket = object()
        self.waiting_for = None

        def hear(callback, value):
            if self.waiting_for is ticket:
                self.waiting_for = None
                callback(value)

        try:
            service(argument, lambda v: hear(then, v), lambda e: hear(self.on_error, e))
        except Exception as error:
            self.waiting_for = ticket
            hear(self.on_error, error)
        else:
            self.waiting_for = ticket  # from now on we listen

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
        self.call(self.services.process_payment, details, self.on_done)


def checkout(services, user_id, on_done, on_error):
    Checkout(services, on_done, on_error).start(user_id)
