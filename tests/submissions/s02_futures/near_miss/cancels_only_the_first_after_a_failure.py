# expect: failed test_batch_cancelled
# expect: passed test_pays_the_first_order
# expect: passed test_cancelled_at_each_step
# expect: passed test_batch_keeps_failures_as_values
# mistake: once one checkout of a batch has failed, cancelling the batch cancels its first checkout only
# kind: behaviour
import asyncio
from functools import partial
from shop import NoOrders, ShopError


def checkout(services, user_id):
    return _start(services, user_id, asyncio.get_running_loop().create_future())


def checkout_many(services, user_ids):
    slots = [_start(services, user_id, _Slot()) for user_id in user_ids]
    batch = asyncio.get_running_loop().create_future()
    inner = asyncio.gather(*slots)

    def copy(_):
        if batch.done():
            inner.cancelled() or inner.exception()
        elif inner.cancelled():
            batch.cancel()
        elif inner.exception():
            batch.set_exception(inner.exception())
        else:
            batch.set_result(inner.result())

    def stop(_):
        if batch.cancelled():
            for slot in slots:
                if slot.done() and isinstance(slot.result(), ShopError):
                    break
                slot.cancel()

    inner.add_done_callback(copy)
    batch.add_done_callback(stop)
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
