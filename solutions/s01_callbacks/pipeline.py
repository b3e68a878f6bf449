"""Stage 1: the checkout with callbacks, flat, and with one way out for every failure."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

sys.path.append(f"{sys.path[0]}/../../exercises")  # so that this file runs by itself

from shop import CallbackServices, NoOrders, Order, OrderDetails, Payment, User

Question = TypeVar("Question")
Answer = TypeVar("Answer")

# The six events of one checkout, in the order in which they happen with the code that you were
# given: "get_order_details", "get_orders", "get_user_data", "on_done", "process_payment", "return".
# A step's name stands for the moment at which it is called, "return" for checkout returning.
PREDICTION: list[str] = [
    "get_user_data",
    "return",
    "get_orders",
    "get_order_details",
    "process_payment",
    "on_done",
]


def checkout(
    services: CallbackServices,
    user_id: int,
    on_done: Callable[[Payment], None],
    on_error: Callable[[Exception], None],
) -> None:
    """Pay the first order of a user, and tell the caller once how it ended.

    Either `on_done` gets the payment, or `on_error` gets the first failure: what a step failed
    with, or `NoOrders` if there is no order.
    """

    def got_user(user: User) -> None:
        _step(services.get_orders, user, got_orders, on_error)

    def got_orders(orders: list[Order]) -> None:
        if orders:
            _step(services.get_order_details, orders[0], got_details, on_error)
        else:
            on_error(NoOrders(user_id))

    def got_details(details: OrderDetails) -> None:
        _step(services.process_payment, details, on_done, on_error)

    _step(services.get_user_data, user_id, got_user, on_error)


def _step(
    service: Callable[[Question, Callable[[Answer], None], Callable[[Exception], None]], None],
    question: Question,
    on_done: Callable[[Answer], None],
    on_error: Callable[[Exception], None],
) -> None:
    """Ask one service, and let in the first thing that it says and nothing after that."""
    answered = False

    def succeed(answer: Answer) -> None:
        nonlocal answered
        if not answered:
            answered = True
            on_done(answer)

    def fail(error: Exception) -> None:
        nonlocal answered
        if not answered:
            answered = True
            on_error(error)

    try:
        service(question, succeed, fail)
    except Exception as error:
        # After an answer this is not the service's: our caller's own callback raised it.
        if answered:
            raise
        fail(error)


if __name__ == "__main__":
    from shop.by_hand import run_callbacks

    run_callbacks(checkout)
