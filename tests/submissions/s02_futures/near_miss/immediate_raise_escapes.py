# expect: failed test_raises_at_once
# expect: passed test_pays_the_first_order
# expect: passed test_answers_at_once
# expect: passed test_bug_at_step_3
# mistake: a service that raises at once raises through checkout
# kind: behaviour|loop_error|stuck|crash
import asyncio

from shop import NoOrders, ShopError


class Payment(asyncio.Future):
    """Becomes the payment of a user's first order."""

    def __init__(self, services, user_id):
        super().__init__()
        self._services = services
        self._expected = None
        self._ask(services.get_user_data, user_id, self._ask_orders)

    def _ask(self, service, argument, then):
        self._expected = ticket = object()
        service(
            argument,
            lambda value: self._hear(ticket, then, value),
            lambda error: self._hear(ticket, self.set_exception, error),
        )

    def _hear(self, ticket, then, value):
        if ticket is self._expected and not self.done():
            self._expected = None
            then(value)

    def _ask_orders(self, user):
        self._ask(self._services.get_orders, user, self._ask_details)

    def _ask_details(self, orders):
        match orders:
            case [first, *_]:
                self._ask(self._services.get_order_details, first, self._pay)
            case []:
                self.set_exception(NoOrders("nothing to pay"))

    def _pay(self, details):
        self._ask(self._services.process_payment, details, self.set_result)


class Outcome(asyncio.Future):
    """A payment, or the ShopError instead of it."""

    def __init__(self, payment):
        super().__init__()
        self._payment = payment
        payment.add_done_callback(self._look)

    def _look(self, payment):
        error = None if payment.cancelled() else payment.exception()
        if self.done():
            return
        if payment.cancelled():
            super().cancel()
        elif error is None:
            self.set_result(payment.result())
        elif isinstance(error, ShopError):
            self.set_result(error)
        else:
            self.set_exception(error)

    def cancel(self, msg=None):
        self._payment.cancel(msg)
        return super().cancel(msg)


def checkout(services, user_id):
    return Payment(services, user_id)


def checkout_many(services, user_ids):
    return asyncio.gather(*(Outcome(Payment(services, user_id)) for user_id in user_ids))
