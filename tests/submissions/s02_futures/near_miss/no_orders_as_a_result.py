# expect: failed test_no_orders
# expect: failed test_answers_at_once
# expect: passed test_pays_the_first_order
# expect: passed test_batch_keeps_failures_as_values
# expect: passed test_payment_declined
# mistake: NoOrders is the result of the future, and not its failure
# kind: behaviour
import asyncio
from functools import partial

from shop import NoOrders, ShopError


def ask(service, argument):
    answer = asyncio.get_running_loop().create_future()

    def settle(setter, value):
        if not answer.done():
            setter(value)

    try:
        service(
            argument, partial(settle, answer.set_result), partial(settle, answer.set_exception)
        )
    except Exception as error:
        settle(answer.set_exception, error)
    return answer


def checkout(services, user_id):
    out = asyncio.get_running_loop().create_future()
    steps = [services.get_orders, services.get_order_details, services.process_payment]

    def follow(answer):
        out.add_done_callback(lambda _: answer.cancel())
        answer.add_done_callback(advance)

    def advance(answer):
        error = None if answer.cancelled() else answer.exception()
        if out.done():
            return
        if error:
            out.set_exception(error)
        elif not steps:
            out.set_result(answer.result())
        elif answer.result() == []:
            out.set_result(NoOrders(user_id))
        else:
            value = answer.result()
            follow(ask(steps.pop(0), value[0] if isinstance(value, list) else value))

    follow(ask(services.get_user_data, user_id))
    return out


def checkout_many(services, user_ids):
    return asyncio.gather(*(failure_as_value(checkout(services, u)) for u in user_ids))


def failure_as_value(paying):
    out = asyncio.get_running_loop().create_future()

    def copy(paid):
        if out.done():
            paid.cancelled() or paid.exception()
        elif paid.cancelled():
            out.cancel()
        elif isinstance(paid.exception(), ShopError):
            out.set_result(paid.exception())
        elif paid.exception():
            out.set_exception(paid.exception())
        else:
            out.set_result(paid.result())

    paying.add_done_callback(copy)
    out.add_done_callback(lambda _: paying.cancel())
    return out
