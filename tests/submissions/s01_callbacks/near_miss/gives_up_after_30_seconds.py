# expect: failed test_two_at_once
# expect: passed test_pays_the_first_order
# expect: passed test_payment_declined
# expect: passed test_answered_twice
# mistake: a checkout that takes more than 30 seconds is given up
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


def checkout(services, user_id, on_done, on_error):
    def got_user(user):
        _step(services.get_orders, user, got_orders, on_error)

    def got_orders(orders):
        if orders:
            _step(services.get_order_details, orders[0], got_details, on_error)
        else:
            on_error(NoOrders(user_id))

    def got_details(details):
        _step(services.process_payment, details, on_done, on_error)

    _step(services.get_user_data, user_id, got_user, on_error)


def _step(service, question, on_done, on_error):
    answered = False

    def succeed(answer):
        nonlocal answered
        if not answered:
            answered = True
            on_done(answer)

    def fail(error):
        nonlocal answered
        if not answered:
            answered = True
            on_error(error)

    asyncio.get_running_loop().call_later(30, lambda: fail(TimeoutError()))
    try:
        service(question, succeed, fail)
    except Exception as error:
        if answered:
            raise
        fail(error)
