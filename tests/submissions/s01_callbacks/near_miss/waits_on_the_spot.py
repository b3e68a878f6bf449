# expect: failed test_pays_the_first_order
# expect: failed test_user_not_found
# expect: failed test_two_at_once
# mistake: checkout waits for the result with time.sleep before it returns
# kind: blocking|stuck
# line: 65
import time
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
    ended = []

    def end(callback, value):
        ended.append(value)
        callback(value)

    pipeline(user_id, lambda p: end(on_done, p), lambda e: end(on_error, e))
    for _ in range(10):
        if not ended:
            time.sleep(0.01)
