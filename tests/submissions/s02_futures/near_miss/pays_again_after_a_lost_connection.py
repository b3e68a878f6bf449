# expect: failed test_bug_at_step_3
# expect: passed test_pays_the_first_order
# expect: passed test_payment_declined
# expect: passed test_answered_twice
# mistake: a payment whose connection was lost is made again
# kind: behaviour
import asyncio
from functools import partial
from shop import NoOrders, ShopError


def checkout(services, user_id):
    return _start(services, user_id, asyncio.get_running_loop().create_future())


def checkout_many(services, user_ids):
    return asyncio.gather(*[_start(services, user_id, _Slot()) for user_id in user_ids])


class _Slot(asyncio.Future):
    def set_exception(self, exception, /):
        if isinstance(exception, ShopError):
            self.set_result(exception)
        else:
            super().set_exception(exception)


def _start(services, user_id, paid):
    def got_user(user):
        _step(paid, services.get_orders, user, got_orders)

    def got_orders(orders):
        if orders:
            _step(paid, services.get_order_details, orders[0], got_details)
        else:
            paid.set_exception(NoOrders(user_id))

    def got_details(details):
        tries = 0

        def pay(details, on_done, on_error):
            def failed(error):
                nonlocal tries
                tries += 1
                if isinstance(error, OSError) and tries == 1:
                    services.process_payment(details, on_done, failed)
                else:
                    on_error(error)

            services.process_payment(details, on_done, failed)

        _step(paid, pay, details, paid.set_result)

    _step(paid, services.get_user_data, user_id, got_user)
    return paid


def _step(paid, service, question, then):
    answer = paid.get_loop().create_future()

    def settle(how, outcome):
        if not answer.done():
            how(outcome)

    def go_on(_):
        error = answer.exception()
        if paid.done():
            return
        if error:
            paid.set_exception(error)
        else:
            then(answer.result())

    answer.add_done_callback(go_on)
    try:
        service(question, partial(settle, answer.set_result), partial(settle, answer.set_exception))
    except Exception as error:
        settle(answer.set_exception, error)
