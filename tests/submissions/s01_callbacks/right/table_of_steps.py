# style: the steps are data; answers that come at once are worked off in a loop, not by recursion
from collections import deque

from shop import NoOrders


def first_of(orders, on_done, on_error):
    if orders:
        on_done(orders[0])
    else:
        on_error(NoOrders("no order to pay"))


def checkout(services, user_id, on_done, on_error):
    steps = deque(
        [
            services.get_user_data,
            services.get_orders,
            first_of,
            services.get_order_details,
            services.process_payment,
        ]
    )
    inbox = deque()
    running = False

    def work():
        nonlocal running
        if running:
            return
        running = True
        while inbox:
            failed, value = inbox.popleft()
            if failed:
                return on_error(value)
            if not steps:
                return on_done(value)
            ask(steps.popleft(), value)
        running = False

    def ask(service, argument):
        answers = []

        def answer(failed, value):
            if not answers:
                answers.append(value)
                inbox.append((failed, value))
                work()

        try:
            service(argument, lambda v: answer(False, v), lambda e: answer(True, e))
        except Exception as error:
            answer(True, error)

    inbox.append((False, user_id))
    work()
