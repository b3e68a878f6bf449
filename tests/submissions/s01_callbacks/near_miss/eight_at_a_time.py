# expect: failed test_two_at_once
# expect: passed test_pays_the_first_order
# expect: passed test_details_unavailable
# expect: passed test_no_orders
# expect: passed test_same_user_twice
# mistake: no more than eight checkouts are under way: the ninth waits until one of them is over
# kind: behaviour
from shop import NoOrders

_under_way = []
_waiting = []
PREDICTION = [
    "get_user_data",
    "return",
    "get_orders",
    "get_order_details",
    "process_payment",
    "on_done",
]


def checkout(services, user_id, on_done, on_error):
    def paid(payment):
        over()
        on_done(payment)

    def failed(error):
        over()
        on_error(error)

    def got_user(user):
        _step(services.get_orders, user, got_orders, failed)

    def got_orders(orders):
        if orders:
            _step(services.get_order_details, orders[0], got_details, failed)
        else:
            failed(NoOrders(user_id))

    def got_details(details):
        _step(services.process_payment, details, paid, failed)

    def begin():
        _under_way.append(user_id)
        _step(services.get_user_data, user_id, got_user, failed)

    def over():
        _under_way.pop()
        if _waiting:
            _waiting.pop(0)()

    if len(_under_way) < 8:
        begin()
    else:
        _waiting.append(begin)


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
