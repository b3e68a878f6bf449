# expect: failed test_loop_hears_of_nothing
# expect: passed test_pays_the_first_order
# expect: passed test_details_unavailable
# expect: passed test_no_orders
# expect: passed test_bug_comes_out_of_the_batch
# mistake: each bug of a batch fails its future, and the second finds it failed already
# kind: loop_error
import asyncio
from functools import partial
from shop import NoOrders, ShopError


def checkout(services, user_id):
    return _start(services, user_id, asyncio.get_running_loop().create_future())


def checkout_many(services, user_ids):
    loop = asyncio.get_running_loop()
    batch = loop.create_future()
    children = [checkout(services, user_id) for user_id in user_ids]
    results = [None] * len(children)
    left = len(children)
    if not children:
        loop.call_soon(batch.set_result, [])

    def ended(place, child):
        nonlocal left
        left -= 1
        if child.cancelled():
            return
        error = child.exception()
        if batch.cancelled():
            return
        if error is not None and (not isinstance(error, ShopError)):
            batch.set_exception(error)
            return
        results[place] = error or child.result()
        if left == 0 and (not batch.done()):
            batch.set_result(results)

    def cancel_all(_):
        if batch.cancelled():
            for child in children:
                child.cancel()

    batch.add_done_callback(cancel_all)
    for place, child in enumerate(children):
        child.add_done_callback(partial(ended, place))
    return batch


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
