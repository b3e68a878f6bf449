# expect: failed test_error_after_answer
# expect: passed test_pays_the_first_order
# expect: passed test_answered_twice
# expect: passed test_answers_at_once
# mistake: answers are put off until the next turn, and errors are not
# kind: behaviour
import asyncio
from shop import NoOrders

PREDICTION = [
    "get_user_data",
    "return",
    "get_orders",
    "get_order_details",
    "process_payment",
    "on_done",
]


class Question:
    def __init__(self, then, on_error):
        self.then, self.on_error = (then, on_error)
        self.settled = False
        self.loop = asyncio.get_running_loop()

    def put_to(self, service, argument):
        try:
            service(argument, self.answered, self.failed)
        except Exception as error:
            if self.settled:
                raise
            self.failed(error)

    def answered(self, value):
        self.loop.call_soon(self._go_on, value)

    def _go_on(self, value):
        if not self.settled:
            self.settled = True
            self.then(value)

    def failed(self, error):
        if not self.settled:
            self.settled = True
            self.on_error(error)


def checkout(services, user_id, on_done, on_error):
    def orders_of(user):
        Question(details_of_first, on_error).put_to(services.get_orders, user)

    def details_of_first(orders):
        if orders:
            Question(pay, on_error).put_to(services.get_order_details, orders[0])
        else:
            on_error(NoOrders(user_id))

    def pay(details):
        Question(on_done, on_error).put_to(services.process_payment, details)

    Question(orders_of, on_error).put_to(services.get_user_data, user_id)
