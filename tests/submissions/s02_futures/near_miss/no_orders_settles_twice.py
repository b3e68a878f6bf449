# expect: failed test_whatever_two_services_do
# expect: passed test_pays_the_first_order
# expect: passed test_answered_twice
# expect: passed test_error_after_answer
# mistake: an empty list that comes twice settles the future twice
# kind: loop_error
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
        _step(paid, services.process_payment, details, paid.set_result)

    _step(paid, services.get_user_data, user_id, got_user)
    return paid


def _step(paid, service, question, then):
    answers = []
    loop = paid.get_loop()

    def go_on(answer):
        if not paid.cancelled():
            then(answer)

    def give_up(error):
        if not paid.done():
            paid.set_exception(error)

    def settle(how, outcome):
        if not any(answers):
            answers.append(outcome)
            loop.call_soon(how, outcome)

    try:
        service(question, partial(settle, go_on), partial(settle, give_up))
    except Exception as error:
        settle(give_up, error)
