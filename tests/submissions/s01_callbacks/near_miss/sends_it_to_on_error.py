# expect: failed test_callers_exception
# expect: passed test_pays_the_first_order
# expect: passed test_user_not_found
# expect: passed test_raises_at_once
# expect: passed test_answered_twice
# mistake: what the caller's own on_done raises is given to on_error
# kind: behaviour
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
        try:
            callback(value)
        except Exception as error:
            on_error(error)

    def call(service, argument):
        open_ = {"yes"}

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
