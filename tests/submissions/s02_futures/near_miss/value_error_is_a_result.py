# expect: failed test_bug_comes_out_of_the_batch
# expect: passed test_pays_the_first_order test_bug_at_step_3
# mistake: a ValueError, which is a bug, becomes a result of the batch
# kind: behaviour
from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar

from shop import CallbackServices, NoOrders, Order, OrderDetails, Payment, ShopError, User

Question = TypeVar("Question")
Answer = TypeVar("Answer")
Paid = TypeVar("Paid", bound=asyncio.Future[Any])


def checkout(services: CallbackServices, user_id: int) -> asyncio.Future[Payment]:
    """Start to pay the first order of a user, and return at once.

    The future ends with the payment or the first failure; cancelling it starts no further step.
    """
    return _start(services, user_id, asyncio.get_running_loop().create_future())


def checkout_many(
    services: CallbackServices, user_ids: Iterable[int]
) -> asyncio.Future[list[Payment | ShopError]]:
    """Start a checkout for each user, all at the same time.

    The future ends with a payment or a `ShopError` per user, in the order of `user_ids`, or with
    any other exception. Cancelling it cancels the checkouts.
    """
    return asyncio.gather(*[_start(services, user_id, _Slot()) for user_id in user_ids])


class _Slot(asyncio.Future[Any]):
    """One place in a batch: here an expected failure is a result like any other."""

    def set_exception(self, exception: type | BaseException, /) -> None:
        if isinstance(exception, (ShopError, ValueError)):
            self.set_result(exception)
        else:
            super().set_exception(exception)


def _start(services: CallbackServices, user_id: int, paid: Paid) -> Paid:
    """Run the four steps; `paid` is settled with the payment or with the first failure."""

    def got_user(user: User) -> None:
        _step(paid, services.get_orders, user, got_orders)

    def got_orders(orders: list[Order]) -> None:
        if orders:
            _step(paid, services.get_order_details, orders[0], got_details)
        else:
            paid.set_exception(NoOrders(user_id))

    def got_details(details: OrderDetails) -> None:
        _step(paid, services.process_payment, details, paid.set_result)

    _step(paid, services.get_user_data, user_id, got_user)
    return paid


def _step(
    paid: asyncio.Future[Any],
    service: Callable[[Question, Callable[[Answer], None], Callable[[Exception], None]], None],
    question: Question,
    then: Callable[[Answer], None],
) -> None:
    """Ask one service; its answer goes to `then`, its failure to `paid`."""
    # Each step has a future of its own, so that a second answer finds it settled. What follows an
    # answer runs a turn later: even if the service answers at once, checkout returns first.
    answer: asyncio.Future[Answer] = paid.get_loop().create_future()

    def settle(how: Callable[[Any], None], outcome: object) -> None:
        if not answer.done():
            how(outcome)

    def go_on(_: asyncio.Future[Answer]) -> None:
        error = answer.exception()
        if paid.done():
            return  # the caller has left
        if error:
            paid.set_exception(error)
        else:
            then(answer.result())

    answer.add_done_callback(go_on)
    try:
        service(question, partial(settle, answer.set_result), partial(settle, answer.set_exception))
    except Exception as error:  # noqa: BLE001 - whatever it is, the caller reads it off the future
        settle(answer.set_exception, error)
