# expect: failed test_pays_the_first_order
# expect: failed test_payment_declined
# expect: failed test_checkouts_overlap
# expect: passed test_user_not_found
# expect: passed test_orders_unavailable
# expect: passed test_empty_batch
# mistake: time.sleep inside the chain of callbacks
# kind: blocking
# line: 21
import asyncio
import time

from shop import NoOrders, ShopError


def pipeline(services, user_id):
    user = yield services.get_user_data, user_id
    orders = yield services.get_orders, user
    if not orders:
        raise NoOrders(f"{user.name} has no orders")
    time.sleep(0.06)  # the gateway wants a pause
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
        except Exception as error:
            out.set_exception(error)
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
