# expect: failed test_batch_keeps_failures_as_values
# expect: passed test_pays_the_first_order
# expect: passed test_answered_twice
# expect: passed test_batch_keeps_the_order_of_its_input
# mistake: a second answer to a payment counts as another member of the batch
# kind: behaviour
import asyncio
from functools import partial
from shop import NoOrders, ShopError


def checkout(services, user_id):
    return _start(services, user_id, asyncio.get_running_loop().create_future())


def checkout_many(services, user_ids):
    loop = asyncio.get_running_loop()
    batch = loop.create_future()
    ids = list(user_ids)
    results = [None] * len(ids)
    left = len(ids)
    if not ids:
        loop.call_soon(lambda: batch.done() or batch.set_result([]))

    def store(place, outcome):
        nonlocal left
        if batch.done():
            return
        if isinstance(outcome, Exception) and (not isinstance(outcome, ShopError)):
            batch.set_exception(outcome)
            return
        results[place] = outcome
        left -= 1
        if not left:
            batch.set_result(results)

    for place, user_id in enumerate(ids):
        _walk(services, user_id, partial(store, place), batch)
    return batch


def _walk(services, user_id, end, batch):
    def ask(service, question, then):
        answered = False

        def once(how, outcome):
            nonlocal answered
            if not answered and (not batch.done()):
                answered = True
                how(outcome)

        try:
            service(
                question,
                partial(once, then) if then is not end else lambda p: batch.done() or end(p),
                partial(once, end),
            )
        except Exception as error:
            once(end, error)

    def got_orders(orders):
        if orders:
            ask(
                services.get_order_details,
                orders[0],
                lambda d: ask(services.process_payment, d, end),
            )
        else:
            end(NoOrders(user_id))

    ask(services.get_user_data, user_id, lambda user: ask(services.get_orders, user, got_orders))


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
