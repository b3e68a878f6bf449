"""The values that a checkout passes from step to step; all of them frozen."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""Which request the running code belongs to; step 4 writes it into the payment."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may have orders: the answer of step 1.

    Attributes:
        id: Unique within the shop.
        name: For people to read; not unique.
    """

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Order:
    """An order without its price: step 2 answers with a list of them, which may be empty.

    Attributes:
        id: Unique within the shop.
        user_id: Whose order it is.
    """

    id: int
    user_id: int


@dataclass(frozen=True, slots=True)
class OrderDetails:
    """What an order costs: the answer of step 3.

    Attributes:
        order_id: The order that was priced.
        amount: What to pay, in cents.
    """

    order_id: int
    amount: int


@dataclass(frozen=True, slots=True)
class Payment:
    """The receipt: the answer of step 4, and of the whole checkout.

    Attributes:
        id: Unique within the shop.
        order_id: The order that was paid.
        amount: What was paid, in cents.
        request_id: The context variable of that name, as step 4 saw it.
    """

    id: str
    order_id: int
    amount: int
    request_id: str = "-"
