# expect: failed test_bug_comes_out_of_the_batch
# expect: passed test_pays_the_first_order
# expect: passed test_batch_keeps_failures_as_values
# expect: passed test_bug_at_step_3
# mistake: only the first failure of a batch is looked at, and the bug is behind it
# kind: behaviour
import asyncio
from functools import partial
from shop import NoOrders, ShopError


def checkout(services, user_id):
    return _start(services, user_id, asyncio.get_running_loop().create_future())


def checkout_many(services, user_ids):
    slots = [checkout(services, user_id) for user_id in user_ids]
    inner = asyncio.gather(*slots, return_exceptions=True)
    batch = asyncio.get_running_loop().create_future()

    def ended(_):
        if batch.done() or inner.cancelled():
            return
        results = inner.result()
        first = next((one for one in results if isinstance(one, Exception)), None)
        if first is None or isinstance(first, ShopError):
            batch.set_result(results)
        else:
            batch.set_exception(first)

    inner.add_done_callback(ended)
    batch.add_done_callback(lambda _: batch.cancelled() and [slot.cancel() for slot in slots])
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
