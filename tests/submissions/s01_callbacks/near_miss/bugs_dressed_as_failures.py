# expect: failed test_bug_at_step_3
# expect: passed test_pays_the_first_order
# expect: passed test_details_unavailable
# expect: passed test_no_orders
# mistake: a KeyError reaches the caller as a ShopError
# kind: behaviour
from shop import NoOrders, ShopError

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
        except ShopError as failure:
            ending = on_error, failure
        except Exception as error:
            ending = on_error, ShopError(repr(error))
        else:
            call(service, argument)
            return
        callback, value = ending
        callback(value)  # outside of the try: what it raises is its own affair

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
