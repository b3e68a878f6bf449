# expect: failed test_loop_hears_of_nothing
# expect: passed test_pays_the_first_order
# expect: passed test_checkouts_overlap
# expect: passed test_empty_batch
# mistake: a failed step leaves its own future with an exception that nobody looks at
# kind: loop_error
import asyncio
from functools import partial

from shop import NoOrders, ShopError


def ask(service, argument, out):
    answer = asyncio.get_running_loop().create_future()

    def settle(setter, value):
        if not answer.done():
            setter(value)

    def fail(error):
        if not answer.done():
            answer.set_exception(error)
            out.done() or out.set_exception(error)

    try:
        service(argument, partial(settle, answer.set_result), fail)
    except Exception as error:
        fail(error)
    return answer


def checkout(services, user_id):
    out = asyncio.get_running_loop().create_future()
    steps = [services.get_orders, services.get_order_details, services.process_payment]

    def follow(answer):
        out.add_done_callback(lambda _: answer.done() or answer.cancel())
        answer.add_done_callback(advance)

    def advance(answer):
        if out.done():
            return
        if not steps:
            out.set_result(answer.result())
        elif answer.result() == []:
            out.set_exception(NoOrders(user_id))
        else:
            value = answer.result()
            follow(ask(steps.pop(0), value[0] if isinstance(value, list) else value, out))

    follow(ask(services.get_user_data, user_id, out))
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
