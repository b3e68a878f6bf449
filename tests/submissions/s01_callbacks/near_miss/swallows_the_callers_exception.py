# expect: failed test_callers_exception
# expect: passed test_pays_the_first_order
# expect: passed test_answers_at_once
# expect: passed test_payment_declined
# mistake: what on_done raises is suppressed
# kind: behaviour
from contextlib import suppress
from functools import reduce

from shop import NoOrders

PREDICTION = "get_user_data return get_orders get_order_details process_payment on_done".split()


def step(service):
    def run(value, proceed, fail):
        state = "open"

        def close(callback, what):
            nonlocal state
            if state == "open":
                state = "closed"
                callback(what)

        try:
            service(value, lambda v: close(proceed, v), lambda e: close(fail, e))
        except Exception as error:
            if state == "closed":
                raise
            close(fail, error)

    return run


def the_first(orders, proceed, fail):
    proceed(orders[0]) if orders else fail(NoOrders())


def and_then(before, after):
    return lambda value, proceed, fail: before(
        value, lambda result: after(result, proceed, fail), fail
    )


def checkout(services, user_id, on_done, on_error):
    pipeline = reduce(
        and_then,
        [
            step(services.get_user_data),
            step(services.get_orders),
            the_first,
            step(services.get_order_details),
            step(services.process_payment),
        ],
    )

    def quietly_done(payment):
        with suppress(Exception):
            on_done(payment)

    pipeline(user_id, quietly_done, on_error)
