"""The four steps of a checkout, as three kinds of service offer them.

get_user_data(id) -> get_orders(user) -> get_order_details(orders[0]) -> process_payment(details)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from .models import Order, OrderDetails, Payment, User


class CallbackServices(Protocol):
    """The steps for those who leave a callback: stages 1 and 2.

    Promised, unless the call itself raises: at least one of the two callbacks is called, on the
    thread of the event loop.

    Not promised:
        One call only: an answer may come twice, an error may follow an answer, or an answer an error.
        A later call: a cached answer arrives before the service has returned.
        A quiet return: a service may raise at once, and then calls neither.
    """

    def get_user_data(
        self,
        user_id: int,
        on_done: Callable[[User], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        """Step 1: look a user up, or fail with `UserNotFound`."""

    def get_orders(
        self,
        user: User,
        on_done: Callable[[list[Order]], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        """Step 2: list the user's orders, perhaps none, or fail with `OrdersUnavailable`."""

    def get_order_details(
        self,
        order: Order,
        on_done: Callable[[OrderDetails], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        """Step 3: price one order, or fail with `DetailsUnavailable`."""

    def process_payment(
        self,
        details: OrderDetails,
        on_done: Callable[[Payment], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        """Step 4: take the money, or fail with `PaymentDeclined`. A second call takes it again."""


class AsyncOrderServices(Protocol):
    """The first three steps as coroutines. In stage 4 this is all there is: a bank's SDK pays.

    Promised: one answer to one await, and cancelling the await ends the step.
    Not promised: that a step suspends at all, or that it works off the loop's thread.
    """

    async def get_user_data(self, user_id: int) -> User:
        """Step 1: look a user up.

        Raises:
            UserNotFound: Nobody has this id.
        """
        ...

    async def get_orders(self, user: User) -> list[Order]:
        """Step 2: list the user's orders; [] when there are none.

        Raises:
            OrdersUnavailable: They cannot be listed now.
        """
        ...

    async def get_order_details(self, order: Order) -> OrderDetails:
        """Step 3: price one order.

        Raises:
            DetailsUnavailable: It cannot be priced now.
        """
        ...


class AsyncServices(AsyncOrderServices, Protocol):
    """All four steps as coroutines: stage 3."""

    async def process_payment(self, details: OrderDetails) -> Payment:
        """Step 4: take the money. A second call takes it again.

        Raises:
            PaymentDeclined: It was refused; nothing was taken.
        """
        ...


class PaymentSDK(Protocol):
    """Step 4 from a bank that has never heard of event loops: stage 4.

    Promised: `charge` may be called from any thread, and reads `request_id` from the context that
    it is called in.
    Not promised: that a charge which has begun can be stopped, or how long it takes.

    Attributes:
        max_parallel: How many callers may be inside `charge` at the same time, >= 1.
    """

    max_parallel: int

    def charge(self, details: OrderDetails) -> Payment:
        """Take the money, and hold the calling thread until that is done: it blocks.

        Raises:
            PaymentDeclined: It was refused; nothing was taken.
        """
        ...
