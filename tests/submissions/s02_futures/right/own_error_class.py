"""NoOrders of one's own, derived; failures are copied with `add_note`, futures named by a WeakKeyDictionary."""

import asyncio
import weakref

from shop import NoOrders, ShopError

_names = weakref.WeakKeyDictionary()


class EmptyBasket(NoOrders):
    pass


def checkout(services, user_id):
    return _Run(services, user_id, ()).paid


class _Run:
    def __init__(self, services, user_id, values):
        self.services, self.user_id, self.values = services, user_id, values
        self.paid = asyncio.get_running_loop().create_future()
        _names[self.paid] = f"checkout of {user_id}"
        self.heard = set()
        self("get_user_data", user_id)

    def __call__(self, name, question):
        try:
            getattr(self.services, name)(
                question,
                lambda answer: self.hear(name, getattr(self, "after_" + name), answer),
                lambda error: self.hear(name, self.failed, error),
            )
        except Exception as error:
            self.hear(name, self.failed, error)

    def hear(self, name, method, value):
        if name not in self.heard:
            self.heard.add(name)
            self.paid.get_loop().call_soon(self.unless_done, method, value)

    def unless_done(self, method, value):
        if not self.paid.done():
            method(value)

    def failed(self, error):
        error.add_note(_names[self.paid])
        if isinstance(error, self.values):
            self.paid.set_result(error)
        else:
            self.paid.set_exception(error)

    def after_get_user_data(self, user):
        self("get_orders", user)

    def after_get_orders(self, orders):
        self("get_order_details", orders[0]) if orders else self.failed(EmptyBasket(self.user_id))

    def after_get_order_details(self, details):
        self("process_payment", details)

    def after_process_payment(self, payment):
        self.paid.set_result(payment)


def checkout_many(services, user_ids):
    return asyncio.gather(*(_Run(services, user_id, ShopError).paid for user_id in user_ids))
