# expect: failed test_pays_the_first_order
# expect: failed test_user_not_found
# expect: failed test_two_at_once
# mistake: a sleep of 5 ms before each call
# kind: blocking
# line: 42
from time import sleep as pause

from shop import NoOrders

PREDICTION = ["get_user_data", "return", "get_orders"]
PREDICTION += ["get_order_details", "process_payment", "on_done"]


def steps(services, user_id):
    user = yield services.get_user_data, user_id
    orders = yield services.get_orders, user
    if not orders:
        raise NoOrders(f"user {user.id} has no orders")
    details = yield services.get_order_details, orders[0]
    return (yield services.process_payment, details)


def checkout(services, user_id, on_done, on_error):
    walk = steps(services, user_id)

    def advance(move, value):
        try:
            service, argument = move(value)
        except StopIteration as end:
            ending = on_done, end.value
        except Exception as error:
            ending = on_error, error
        else:
            call(service, argument)
            return
        callback, value = ending
        callback(value)  # outside of the try: what it raises is its own affair

    def call(service, argument):
        open_ = {"yes"}
        pause(0.005)

        def answer(move, value):
            if open_:
                open_.clear()
                advance(move, value)

        try:
            service(argument, lambda v: answer(walk.send, v), lambda e: answer(walk.throw, e))
        except Exception as error:
            if not open_:
                raise
            answer(walk.throw, error)

    advance(walk.send, None)
