# style: the caller's callbacks are put off with call_soon, so nothing of his runs inside ours
import asyncio
from functools import partial

from shop import NoOrders


class Once:
    """Of several callables made from it only the first call goes through."""

    def __init__(self):
        self.used = False

    def __call__(self, function):
        def call(*arguments):
            if not self.used:
                self.used = True
                function(*arguments)

        return call


def checkout(services, user_id, on_done, on_error):
    call_soon = asyncio.get_running_loop().call_soon
    succeed = partial(call_soon, on_done)
    fail = partial(call_soon, on_error)

    def ask(service, argument, then):
        once = Once()
        failed = once(fail)
        try:
            service(argument, once(then), failed)
        except Exception as error:
            failed(error)

    def pay_first(orders):
        if not orders:
            return fail(NoOrders(user_id))
        return ask(
            services.get_order_details,
            orders[0],
            lambda details: ask(services.process_payment, details, succeed),
        )

    ask(
        services.get_user_data,
        user_id,
        lambda user: ask(services.get_orders, user, pay_first),
    )
