"""Customers: what the shop knows of each, and how the services treat them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

import shop

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

STEPS = ("get_user_data", "get_orders", "get_order_details", "process_payment")
"""The four steps, in order; in the stage with a blocking SDK the last is `charge`."""

FAILURES: Mapping[str, type[shop.ShopError]] = {
    "get_user_data": shop.UserNotFound,
    "get_orders": shop.OrdersUnavailable,
    "get_order_details": shop.DetailsUnavailable,
    "process_payment": shop.PaymentDeclined,
    "charge": shop.PaymentDeclined,
}
"""The expected failure of each step."""


class Fault(Enum):
    """How a callback service misbehaves at a step; all are within what it promises."""

    TWICE = "answers twice"
    LATE_ERROR = "answers, and reports an error later"
    AT_ONCE = "answers before the call returns"
    RAISES = "raises at once"
    """Instead of an answer; together with `AT_ONCE`, after it."""
    SILENT = "never answers"
    LATE_ANSWER = "reports an error, and answers later"
    """At a step that fails, and not with the payment: what was declined is not taken."""


@dataclass(frozen=True, slots=True, eq=False)
class Customer:
    """One user of the shop.

    Attributes:
        orders: In the order of step 2; the first is the one to pay.
        details: Of the first order; None without orders.
        failure: What the failing step gives; None if all succeed.
        fails_at: The failing step; "" if none.
        faults: Per step, how its service misbehaves.
        latency: Per step, virtual seconds until the answer.
        turns: Per step, whether its service answers before the call returns: at the first call, the second, and so on.
        late: Virtual seconds between an answer and what follows it.
    """

    user: shop.User
    orders: tuple[shop.Order, ...]
    details: shop.OrderDetails | None
    failure: Exception | None = None
    fails_at: str = ""
    faults: Mapping[str, frozenset[Fault]] = field(default_factory=dict[str, frozenset[Fault]])
    latency: Mapping[str, float] = field(default_factory=dict[str, float])
    turns: Mapping[str, Sequence[bool]] = field(default_factory=dict[str, "Sequence[bool]"])
    late: float = 0.0

    @property
    def id(self) -> int:
        """The user id, as a learner's pipeline gets it."""
        return self.user.id

    def has(self, step: str, fault: Fault) -> bool:
        """Whether this fault is planned at this step."""
        return fault in self.faults.get(step, ())
