# expect: failed test_pays_the_first_order
# expect: failed test_payment_declined
# expect: passed test_user_not_found
# expect: passed test_details_unavailable
# expect: passed test_no_orders
# mistake: starts a thread and joins it on the spot
# kind: blocking
# line: 26
import threading
import time
from collections import deque

from shop import NoOrders


def first_of(orders, on_done, on_error):
    if orders:
        on_done(orders[0])
    else:
        on_error(NoOrders("no order to pay"))


def print_bill(details, on_done, on_error):
    printer = threading.Thread(target=time.sleep, args=(0.12,))
    printer.start()
    printer.join()
    on_done(details)


def checkout(services, user_id, on_done, on_error):
    steps = deque(
        [
            services.get_user_data,
            services.get_orders,
            first_of,
            services.get_order_details,
            print_bill,
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
