# expect: failed test_cancelled_at_each_step
# expect: passed test_pays_the_first_order
# expect: passed test_payment_declined
# expect: passed test_answered_twice
# mistake: a failure that comes after the cancellation is never looked at, so asyncio reports it as lost
# kind: loop_error
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
        answer.add_done_callback(advance)

    def advance(answer):
        if out.done():
            return
        error = answer.exception()
        if error:
            out.set_exception(error)
        elif not steps:
            out.set_result(answer.result())
        elif answer.result() == []:
            out.set_exception(NoOrders(user_id))
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
