# expect: failed test_two_at_once
# expect: failed test_same_user_twice
# expect: passed test_pays_the_first_order
# expect: passed test_user_not_found
# expect: passed test_answered_twice
# mistake: the callbacks live in a module's dict, so the last caller hears everybody's results
# kind: behaviour|stuck
import asyncio

from shop import NoOrders


def answer_of(service, argument):
    future = asyncio.get_running_loop().create_future()

    def settle(kind, value):
        if not future.done():
            future.set_result((kind, value))

    try:
        service(argument, lambda v: settle("answer", v), lambda e: settle("error", e))
    except Exception as error:
        settle("error", error)
    return future


listeners = {}


def checkout(services, user_id, on_done, on_error):
    listeners.update(done=on_done, error=on_error)

    def after(service, argument, then):
        def look(future):
            kind, value = future.result()
            (then if kind == "answer" else listeners["error"])(value)

        answer_of(service, argument).add_done_callback(look)

    def choose(orders):
        match orders:
            case []:
                listeners["error"](NoOrders(user_id))
            case [order, *_]:
                after(services.get_order_details, order, pay)

    def pay(details):
        after(services.process_payment, details, lambda payment: listeners["done"](payment))

    after(
        services.get_user_data,
        user_id,
        lambda user: after(services.get_orders, user, choose),
    )
