# expect: failed test_same_user_twice
# expect: passed test_pays_the_first_order
# expect: passed test_two_at_once
# expect: passed test_answers_at_once
# mistake: a second checkout of the same user, while the first is under way, is dropped
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


in_progress = set()


def checkout(services, user_id, done, failed):
    if user_id in in_progress:
        return
    in_progress.add(user_id)

    def on_done(payment):
        in_progress.discard(user_id)
        done(payment)

    def on_error(error):
        in_progress.discard(user_id)
        failed(error)

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
