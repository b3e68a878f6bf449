# expect: failed test_no_orders
# expect: passed test_pays_the_first_order
# expect: passed test_orders_unavailable
# expect: passed test_empty_batch
# mistake: NoOrders is raised inside a done-callback, where only the loop hears of it
# kind: stuck|loop_error|behaviour
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
            raise NoOrders(user_id)

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
    payments = [checkout(services, user_id) for user_id in user_ids]
    batch = asyncio.Future()
    left = len(payments)

    def count(payment):
        nonlocal left
        left -= 1
        error = None if payment.cancelled() else payment.exception()
        if batch.done():
            return
        if error and not isinstance(error, ShopError):
            batch.set_exception(error)
        elif left == 0:
            batch.set_result([p.exception() or p.result() for p in payments])

    def stop(batch):
        if batch.cancelled():
            for payment in payments:
                payment.cancel()

    for payment in payments:
        payment.add_done_callback(count)
    batch.add_done_callback(stop)
    if not payments:
        batch.set_result([])
    return batch
