# expect: failed test_pays_the_first_order
# expect: failed test_payment_declined
# expect: passed test_user_not_found
# expect: passed test_details_unavailable
# expect: passed test_no_orders
# mistake: computes for a third of a second inside a callback
# kind: blocking
# line: 35
from itertools import count

from shop import NoOrders


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
        if next(turns) > 0:
            raise
        raised = error
    if raised:
        on_error(raised)


def checkout(services, user_id, on_done, on_error):
    def pay(details):
        sum(digit * digit for digit in range(4_000_000))  # a check digit
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
