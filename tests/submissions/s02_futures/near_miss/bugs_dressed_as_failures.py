# expect: failed test_bug_at_step_3
# expect: failed test_bug_comes_out_of_the_batch
# expect: passed test_pays_the_first_order
# expect: passed test_details_unavailable
# expect: passed test_no_orders
# mistake: every exception is wrapped into a ShopError, also a bug
# kind: behaviour
import asyncio

from shop import NoOrders, ShopError


def pipeline(services, user_id):
    user = yield services.get_user_data, user_id
    orders = yield services.get_orders, user
    if not orders:
        raise NoOrders(f"{user.name} has no orders")
    details = yield services.get_order_details, orders[0]
    return (yield services.process_payment, details)


def drive(generator):
    loop = asyncio.get_running_loop()
    out = loop.create_future()

    def resume(move, value):
        if out.done():
            return
        try:
            service, argument = move(value)
        except StopIteration as end:
            out.set_result(end.value)
        except ShopError as failure:
            out.set_exception(failure)
        except Exception as error:
            out.set_exception(ShopError(repr(error)))
        else:
            call(service, argument)

    def call(service, argument):
        answered = False

        def once(move):
            def answer(value):
                nonlocal answered
                if not answered:
                    answered = True
                    loop.call_soon(resume, move, value)

            return answer

        fail = once(generator.throw)
        try:
            service(argument, once(generator.send), fail)
        except Exception as error:
            fail(error)

    resume(generator.send, None)
    return out


def checkout(services, user_id):
    return drive(pipeline(services, user_id))


def checkout_many(services, user_ids):
    return asyncio.gather(*[outcome(checkout(services, user_id)) for user_id in user_ids])


def outcome(payment):
    slot = asyncio.get_running_loop().create_future()

    def fill(paid):
        error = None if paid.cancelled() else paid.exception()
        if slot.done():
            return
        if paid.cancelled():
            slot.cancel()
        elif error and not isinstance(error, ShopError):
            slot.set_exception(error)
        else:
            slot.set_result(error or paid.result())

    payment.add_done_callback(fill)
    slot.add_done_callback(lambda _: payment.cancel())
    return slot
