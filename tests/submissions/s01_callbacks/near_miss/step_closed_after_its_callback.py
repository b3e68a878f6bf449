# expect: failed test_answered_twice
# expect: passed test_pays_the_first_order
# expect: passed test_error_after_answer
# expect: passed test_callers_exception
# mistake: a step is closed when its callback has returned, which it does not if it raises
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


class Step:
    def __init__(self, then, otherwise):
        self.then = then
        self.otherwise = otherwise
        self.replied = False
        self.closed = False

    def ask(self, service, question):
        try:
            service(question, self.on_done, self.on_error)
        except Exception as error:
            if self.replied:
                raise
            self.on_error(error)

    def on_done(self, answer):
        self._reply(self.then, answer)

    def on_error(self, error):
        self._reply(self.otherwise, error)

    def _reply(self, callback, value):
        self.replied = True
        if not self.closed:
            callback(value)
            self.closed = True


def checkout(services, user_id, on_done, on_error):
    def got_user(user):
        Step(got_orders, on_error).ask(services.get_orders, user)

    def got_orders(orders):
        if not orders:
            on_error(NoOrders(user_id))
            return
        Step(got_details, on_error).ask(services.get_order_details, orders[0])

    def got_details(details):
        Step(on_done, on_error).ask(services.process_payment, details)

    Step(got_user, on_error).ask(services.get_user_data, user_id)
