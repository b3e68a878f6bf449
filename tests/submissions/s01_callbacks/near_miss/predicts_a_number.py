# expect: failed test_prediction
# expect: passed test_pays_the_first_order
# expect: passed test_no_orders
# expect: passed test_answered_twice
# mistake: PREDICTION is a number of events, not their list
# kind: behaviour
from shop import NoOrders

PREDICTION = 6


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

            guarded(services.get_order_details, orders[0], with_details, on_error)

        guarded(services.get_orders, user, with_orders, on_error)

    guarded(services.get_user_data, user_id, with_user, on_error)
