# expect: failed test_answered_twice
# expect: passed test_pays_the_first_order
# expect: passed test_raises_at_once
# expect: passed test_callers_exception
# mistake: only the caller is guarded: a second answer of a step still starts the next step again
# kind: behaviour
from shop import NoOrders

PREDICTION = [
    "get_user_data",
    "return",
    "get_orders",
    "get_order_details",
    "process_payment",
    "on_done",
]


def guarded(service, argument, on_done, on_error):
    heard = False

    def noting(callback):
        def answer(value):
            nonlocal heard
            heard = True
            callback(value)

        return answer

    try:
        service(argument, noting(on_done), noting(on_error))
    except Exception as error:
        if heard:  # not the service's: it comes from further down, perhaps from the caller
            raise
        on_error(error)


def checkout(services, user_id, done, failed):
    ended = False

    def end(callback, value):
        nonlocal ended
        if not ended:
            ended = True
            callback(value)

    def on_done(payment):
        end(done, payment)

    def on_error(error):
        end(failed, error)

    def with_user(user):
        def with_orders(orders):
            if not orders:
                on_error(NoOrders(user_id))
                return

            def with_details(details):
                guarded(services.process_payment, details, on_done, on_error)

            guarded(services.get_order_details, orders[0], with_details, on_error)

        guarded(services.get_orders, user, with_orders, on_error)

    guarded(services.get_user_data, user_id, with_user, on_error)
