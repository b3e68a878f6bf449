# expect: failed test_callers_exception_when_answers_come_at_once
# expect: passed test_callers_exception
# expect: passed test_answers_at_once
# expect: passed test_raises_at_once
# mistake: what the try round the service catches after an answer is the caller's own, and is dropped
# kind: behaviour
from itertools import count

from shop import NoOrders


PREDICTION = "get_user_data return get_orders get_order_details process_payment on_done".split()


def call(service, argument, on_done, on_error):
    turns = count()
    raised = None

    def only_first(callback):
        return lambda value: callback(value) if next(turns) == 0 else None

    report = only_first(on_error)
    answered = only_first(on_done)
    try:
        service(argument, answered, report)
    except Exception as error:
        if next(turns) == 0:
            raised = error
    if raised:
        on_error(raised)


def checkout(services, user_id, on_done, on_error):
    def pay(details):
        call(services.process_payment, details, on_done, on_error)

    def price(orders):
        try:
            order = orders[0]
        except IndexError:
            order = None
        if order is None:
            on_error(NoOrders(user_id))
        else:
            call(services.get_order_details, order, pay, on_error)

    def look_for_orders(user):
        call(services.get_orders, user, price, on_error)

    call(services.get_user_data, user_id, look_for_orders, on_error)
