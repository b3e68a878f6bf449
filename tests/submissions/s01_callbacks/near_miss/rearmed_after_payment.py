# expect: failed test_answered_twice
# expect: passed test_pays_the_first_order
# expect: passed test_payment_declined
# expect: passed test_two_at_once
# mistake: an answer to step 1 that comes again after the end begins a second payment
# kind: behaviour
from shop import NoOrders

PREDICTION = [
    "get_user_data",
    "return",
    "get_orders",
    "get_order_details",
    "process_payment",
    "on_done",
]


class _Checkout:
    def __init__(self, services, user_id, on_done, on_error):
        self.services, self.user_id = (services, user_id)
        self.on_done, self.on_error = (on_done, on_error)
        self.open = 1

    def ask(self, step, service, question, then):
        def done(answer):
            if self.open == step:
                self.open = step + 1
                then(answer)

        def error(problem):
            if self.open == step:
                self.finish(self.on_error, problem)

        try:
            service(question, done, error)
        except Exception as problem:
            if self.open != step:
                raise
            self.finish(self.on_error, problem)

    def finish(self, tell, outcome):
        self.open = 0
        tell(outcome)

    def start(self):
        self.ask(1, self.services.get_user_data, self.user_id, self.got_user)

    def got_user(self, user):
        self.ask(2, self.services.get_orders, user, self.got_orders)

    def got_orders(self, orders):
        if orders:
            self.ask(3, self.services.get_order_details, orders[0], self.got_details)
        else:
            self.finish(self.on_error, NoOrders(self.user_id))

    def got_details(self, details):
        self.ask(4, self.services.process_payment, details, self.paid)

    def paid(self, payment):
        self.on_done(payment)
        self.open = 1


def checkout(services, user_id, on_done, on_error):
    _Checkout(services, user_id, on_done, on_error).start()
