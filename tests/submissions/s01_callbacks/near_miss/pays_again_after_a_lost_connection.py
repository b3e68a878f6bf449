# expect: failed test_bug_at_step_3
# expect: passed test_pays_the_first_order
# expect: passed test_payment_declined
# expect: passed test_answered_twice
# mistake: a payment whose connection was lost is made again
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


def checkout(services, user_id, on_done, on_error):
    def got_user(user):
        _step(services.get_orders, user, got_orders, on_error)

    def got_orders(orders):
        if orders:
            _step(services.get_order_details, orders[0], got_details, on_error)
        else:
            on_error(NoOrders(user_id))

    def got_details(details):
        def failed(error):
            if isinstance(error, OSError):
                _step(services.process_payment, details, on_done, on_error)
            else:
                on_error(error)

        _step(services.process_payment, details, on_done, failed)

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

    try:
        service(question, succeed, fail)
    except Exception as error:
        if answered:
            raise
        fail(error)
