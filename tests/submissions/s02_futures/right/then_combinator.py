# style: promise-like `then`; cancelling the last link cancels the one that is waiting
import asyncio

from shop import NoOrders, ShopError


class Promise(asyncio.Future):
    source = None

    def cancel(self, msg=None):
        if self.source is not None:
            self.source.cancel(msg)
        return super().cancel(msg)

    def resolve(self, value):
        self.done() or self.set_result(value)

    def reject(self, error):
        self.done() or self.set_exception(error)

    def follow(self, source):
        """Settle as `source` settles."""
        self.source = source

        def settled(_):
            if source.cancelled():
                super(Promise, self).cancel()
            elif error := source.exception():
                self.reject(error)
            else:
                self.resolve(source.result())

        source.add_done_callback(settled)

    def then(self, on_value, on_error=None):
        after = Promise()
        after.source = self

        def go_on(_):
            if self.cancelled() or after.done():
                after.cancel()
                self.cancelled() or self.exception()
                return
            error = self.exception()
            try:
                if error and not on_error:
                    raise error
                value = on_error(error) if error else on_value(self.result())
            except Exception as raised:
                after.reject(raised)
            else:
                after.follow(value) if isinstance(value, Promise) else after.resolve(value)

        self.add_done_callback(go_on)
        return after


def promised(service, argument):
    promise = Promise()
    try:
        service(argument, promise.resolve, promise.reject)
    except Exception as error:
        promise.reject(error)
    return promise


def checkout(services, user_id):
    def first_order(orders):
        if not orders:
            raise NoOrders
        return promised(services.get_order_details, orders[0])

    return (
        promised(services.get_user_data, user_id)
        .then(lambda user: promised(services.get_orders, user))
        .then(first_order)
        .then(lambda details: promised(services.process_payment, details))
    )


def failure_only(error):
    if isinstance(error, ShopError):
        return error
    raise error


def checkout_many(services, user_ids):
    return asyncio.gather(
        *[checkout(services, one).then(lambda paid: paid, failure_only) for one in user_ids]
    )
