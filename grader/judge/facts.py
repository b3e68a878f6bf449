"""How the judge words what happened: facts out of the history, for the learner to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import shop
from grader.protocol.values import Foreign, Raised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.world import Customer, History


def value(thing: Any) -> str:  # noqa: ANN401 - whatever the submission gave
    """A value in a few words."""
    match thing:
        case shop.Payment():
            return f"the payment of order {thing.order_id}"
        case Raised() | Foreign():
            return str(thing)
        case list():
            items = cast("list[object]", thing)
            inside = ", ".join(value(item) for item in items[:6])
            return f"[{inside}{', …' if len(items) > 6 else ''}]"
        case _:
            return repr(thing)[:120]


def steps(names: Sequence[str]) -> str:
    """A sequence of steps in words."""
    return ", ".join(names) if names else "nothing"


def wanted(customer: Customer) -> str:
    """What a checkout of this customer has to come to, in words."""
    if customer.failure is not None:
        return f"{type(customer.failure).__name__} from {customer.fails_at}"
    if not customer.orders:
        return "NoOrders, since the user has no orders"
    return f"the payment of order {customer.orders[0].id}"


def cause(history: History, customer: Customer) -> str:
    """The last thing that the shop told this customer's checkout."""
    answer = history.last_answer(customer.id)
    if answer is None:
        return "no service was asked"
    verb = "raised" if answer.what == "raised" else "answered"
    return f"{answer.subject} {verb}{' with ' + answer.text if answer.text else ''}"
