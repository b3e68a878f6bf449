# expect: failed test_payment_declined
# expect: passed test_pays_the_first_order
# expect: passed test_user_not_found
# expect: passed test_answered_twice
# mistake: who was declined once is declined for ever, without asking
# kind: behaviour
from shop import NoOrders

_failed = {}
PREDICTION = [
    "get_user_data",
    "return",
    "get_orders",
    "get_order_details",
    "process_payment",
    "on_done",
]


def checkout(services, user_id, on_done, on_error):
    tell = on_error
    if user_id in _failed:
        tell(_failed[user_id])
        return

    def remember(error):
        _failed[user_id] = error
        tell(error)

    def got_user(user):
        _step(services.get_orders, user, got_orders, remember)

    def got_orders(orders):
        if orders:
            _step(services.get_order_details, orders[0], got_details, remember)
        else:
            remember(NoOrders(user_id))

    def got_details(details):
        _step(services.process_payment, details, on_done, remember)

    _step(services.get_user_data, user_id, got_user, remember)


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
