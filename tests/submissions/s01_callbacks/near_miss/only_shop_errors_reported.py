# expect: failed test_bug_at_step_3
# expect: passed test_pays_the_first_order
# expect: passed test_details_unavailable
# expect: passed test_payment_declined
# mistake: only a ShopError is passed on, a bug ends in silence
# kind: stuck|behaviour
from itertools import count

from shop import NoOrders, ShopError


def call(service, argument, on_done, on_error):
    turns = count()
    raised = None

    def only_first(callback):
        return lambda value: callback(value) if next(turns) == 0 else None

    def on_failure(error):
        if isinstance(error, ShopError):
            on_error(error)

    report = only_first(on_failure)
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
