# expect: failed test_details_unavailable
# expect: failed test_bug_at_step_3
# expect: passed test_user_not_found
# expect: passed test_orders_unavailable
# expect: passed test_payment_declined
# expect: passed test_no_orders
# mistake: errors of step 3 are printed, and the caller hears nothing
# kind: stuck|behaviour
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

    def first(callback):
        def answer(value):
            nonlocal heard
            if not heard:
                heard = True
                callback(value)

        return answer

    try:
        service(argument, first(on_done), first(on_error))
    except Exception as error:
        if heard:  # not the service's: it comes from further down, perhaps from the caller
            raise
        heard = True
        on_error(error)


def checkout(services, user_id, on_done, on_error):
    def with_user(user):
        def with_orders(orders):
            if not orders:
                on_error(NoOrders(user_id))
                return

            def with_details(details):
                guarded(services.process_payment, details, on_done, on_error)

            guarded(services.get_order_details, orders[0], with_details, print)

        guarded(services.get_orders, user, with_orders, on_error)

    guarded(services.get_user_data, user_id, with_user, on_error)
