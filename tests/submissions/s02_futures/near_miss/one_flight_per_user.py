# expect: failed test_cancelled_at_each_step
# expect: passed test_pays_the_first_order
# expect: passed test_batch_cancelled
# expect: passed test_answered_twice
# mistake: checkouts of one user share one future, and who cancels his cancels the other's
# kind: behaviour|stuck
import asyncio
from functools import partial
from shop import NoOrders, ShopError

_under_way = {}


def checkout(services, user_id):
    if user_id not in _under_way:
        paid = _under_way[user_id] = asyncio.get_running_loop().create_future()
        paid.add_done_callback(lambda _: _under_way.pop(user_id))
        _start(services, user_id, paid)
    return _under_way[user_id]


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
