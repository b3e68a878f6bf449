"""Stage 1: the checkout with callbacks. It works, until something goes wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable

sys.path.append(f"{sys.path[0]}/../../exercises")  # so that this file runs by itself

from shop import CallbackServices, NoOrders, Order, OrderDetails, Payment, User

# TODO: before you change anything, put these six events in the order in which they happen for one
# checkout with the code below: "get_order_details", "get_orders", "get_user_data", "on_done",
# "process_payment", "return". A step's name stands for the moment at which it is called, "return"
# for checkout returning to its caller.
PREDICTION: list[str] = []


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
    # TODO: keep both promises above. A step of ten lines that all four services go through will do;
    # the nesting may go.

    def got_user(user: User) -> None:
        def got_orders(orders: list[Order]) -> None:
            def got_details(details: OrderDetails) -> None:
                def paid(payment: Payment) -> None:
                    on_done(payment)

                services.process_payment(details, paid, _ignore)

            services.get_order_details(orders[0], got_details, _ignore)

        services.get_orders(user, got_orders, _ignore)

    services.get_user_data(user_id, got_user, _ignore)


def _ignore(error: Exception) -> None:
    """Tell nobody."""


if __name__ == "__main__":
    from shop.by_hand import run_callbacks

    run_callbacks(checkout)
