# style: each answer is put off with call_soon, so the future is never settled before it is returned
import asyncio
from collections import deque

from shop import NoOrders, ShopError


class Walk:
    """Four calls in a row; what is heard first of a call counts."""

    def __init__(self, services, user_id):
        self.loop = asyncio.get_running_loop()
        self.future = self.loop.create_future()
        self.todo = deque(
            [
                services.get_user_data,
                services.get_orders,
                self.first_order,
                services.get_order_details,
                services.process_payment,
            ]
        )
        self.next(user_id)

    @staticmethod
    def first_order(orders, on_done, on_error):
        on_done(orders[0]) if orders else on_error(NoOrders())

    def next(self, value):
        if self.future.done():
            return
        if not self.todo:
            self.future.set_result(value)
            return
        answers = deque(maxlen=1)
        service = self.todo.popleft()

        def put_off(what, answer):
            if not answers:
                answers.append(answer)
                self.loop.call_soon(what, answer)

        try:
            service(value, lambda v: put_off(self.next, v), lambda e: put_off(self.fail, e))
        except Exception as error:
            put_off(self.fail, error)

    def fail(self, error):
        if not self.future.done():
            self.future.set_exception(error)


def checkout(services, user_id):
    return Walk(services, user_id).future


def checkout_many(services, user_ids):
    loop = asyncio.get_running_loop()

    def tolerant(user_id):
        inner, outer = checkout(services, user_id), loop.create_future()
        outer.add_done_callback(lambda _: inner.cancel())

        @inner.add_done_callback
        def _(inner):
            error = None if inner.cancelled() else inner.exception()
            if outer.cancelled() or inner.cancelled():
                outer.cancel()
            elif error and not isinstance(error, ShopError):
                outer.set_exception(error)
            else:
                outer.set_result(error or inner.result())

        return outer

    return asyncio.gather(*map(tolerant, user_ids))
