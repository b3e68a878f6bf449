# expect: failed test_pays_the_first_order
# expect: passed test_no_orders
# expect: passed test_user_not_found
# expect: passed test_orders_unavailable
# mistake: all orders of the user are paid, not only the first
# kind: behaviour
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


def checkout(services, user_id, on_done, on_error):
    def after(service, argument, then):
        def look(future):
            kind, value = future.result()
            (then if kind == "answer" else on_error)(value)

        answer_of(service, argument).add_done_callback(look)

    def choose(orders):
        match orders:
            case []:
                on_error(NoOrders(user_id))
            case all_orders:
                for order in all_orders:
                    after(services.get_order_details, order, pay)

    def pay(details):
        after(services.process_payment, details, on_done)

    after(
        services.get_user_data,
        user_id,
        lambda user: after(services.get_orders, user, choose),
    )
