# expect: failed test_raises_at_once
# expect: passed test_pays_the_first_order
# expect: passed test_user_not_found
# expect: passed test_bug_at_step_3
# mistake: the try stands round step 1 only
# kind: loop_error|stuck|behaviour|crash
from itertools import count

from shop import NoOrders


def call(service, argument, on_done, on_error):
    turns = count()

    def only_first(callback):
        return lambda value: callback(value) if next(turns) == 0 else None

    report = only_first(on_error)
    answered = only_first(on_done)
    service(argument, answered, report)


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

    answered = []

    def got_user(user):
        answered.append(user)
        look_for_orders(user)

    try:
        call(services.get_user_data, user_id, got_user, on_error)
    except Exception as error:
        if answered:
            raise
        on_error(error)
