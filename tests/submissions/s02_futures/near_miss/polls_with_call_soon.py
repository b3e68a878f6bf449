# expect: failed test_batch_keeps_the_order_of_its_input
# expect: failed test_checkouts_overlap
# expect: passed test_pays_the_first_order
# expect: passed test_empty_batch
# mistake: asks in every turn of the loop whether all have ended, so the loop never sleeps
# kind: blocking|limit|stuck|behaviour
# line: 58-65
import asyncio

from shop import NoOrders, ShopError


def checkout(services, user_id):
    future = asyncio.Future()
    begin(future, services.get_user_data, user_id, lambda user: orders_of(user))

    def orders_of(user):
        begin(future, services.get_orders, user, details_of_first)

    def details_of_first(orders):
        if len(orders) > 0:
            begin(future, services.get_order_details, orders[0], pay)
        else:
            future.set_exception(NoOrders(user_id))

    def pay(details):
        begin(future, services.process_payment, details, future.set_result)

    return future


def begin(future, service, argument, then):
    """Call a service; its first answer goes to `then`, unless `future` is settled."""
    inbox = asyncio.get_running_loop().create_future()

    def deliver(inbox):
        good, value = inbox.result()
        if future.done():
            return
        then(value) if good else future.set_exception(value)

    def put(good, value):
        if not inbox.done():
            inbox.set_result((good, value))

    inbox.add_done_callback(deliver)
    try:
        service(argument, lambda value: put(True, value), lambda error: put(False, error))
    except Exception as error:
        put(False, error)


def checkout_many(services, user_ids):
    loop = asyncio.get_running_loop()
    payments = [checkout(services, user_id) for user_id in user_ids]
    batch = loop.create_future()

    def poll():
        if batch.cancelled():
            for payment in payments:
                payment.cancel()
        elif all(payment.done() for payment in payments):
            settle()
        else:
            loop.call_soon(poll)

    def settle():
        errors = [payment.exception() for payment in payments]
        bugs = [error for error in errors if error and not isinstance(error, ShopError)]
        if bugs:
            batch.set_exception(bugs[0])
        else:
            batch.set_result([e or p.result() for e, p in zip(errors, payments)])

    poll()
    return batch
