"""Was who had to pay charged once, and did the caller get his payment, in its place?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import shop
from grader.judge import facts
from grader.judge.runs.outcome import Outcome
from grader.language import later, say
from grader.protocol.values import Raised

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.judge.findings import Broken
    from grader.world import Customer

LAST = ("process_payment", "charge")
"""The steps that move money."""
NOT = later("{run} gave {got}, not {wanted}")
RAISED_NOT = later("{run} raised {got}, not {wanted}")
PLACE = later("place {place} of what {run} gave holds {got}, not {wanted}")
PLACE_OF_ANOTHER = later(
    "place {place} of what {run} gave holds {got}, not {wanted}; last answers came for users {order}"
)


class Payments(Outcome):
    """What must have been paid, and given."""

    def must_pay(self, customer: Customer | None = None, *, request_id: str = "-") -> None:
        """It gave the payment of the customer's first order, which was paid once, under the caller's request id."""
        customer = customer or self.operation.customers[0]
        got = self._outcome()
        if not self._is_payment(got, customer):
            text = say(NOT, run=self, got=facts.value(got), wanted=facts.wanted(customer))
            raise self._broken(text, customer)
        self._must_be_paid_once(customer)
        self._must_carry(request_id, got, customer)

    def must_be_the_outcome_of(self, *customers: Customer) -> None:
        """It gave the payment of one of these customers, or the expected error as a value."""
        got = self._outcome(raised=True)
        owner = next((c for c in customers if self.gave_a_value and self._fits(got, c)), None)
        if owner is None:
            text = say(
                NOT if self.gave_a_value else RAISED_NOT,
                run=self,
                got=facts.value(got),
                wanted=facts.wanted(customers[0])
                if len(customers) == 1
                else say("the outcome of any user"),
            )
            raise self._broken(text, customers[0])
        if isinstance(got, shop.Payment):
            self._must_be_paid_once(owner)

    def must_give_each(
        self, customers: Iterable[Customer | None], *, request_id: str | None = None
    ) -> None:
        """It gave a list: for each customer, in the order of the input, the payment or the expected error.

        Args:
            customers: None for those of whom it has to give None.
            request_id: What each payment carries, if that is looked at.
        """
        wanted = list(customers)
        items = self._list_of(len(wanted))
        for place, (item, customer) in enumerate(zip(items, wanted, strict=True)):
            if not self._fits(item, customer):
                raise self._misplaced(place, item, customer, wanted)
        self.must_not_repeat([item.id for item in items if isinstance(item, shop.Payment)])
        for customer, item in zip(wanted, items, strict=True):
            if customer and isinstance(item, shop.Payment):
                self._must_be_paid_once(customer)
                self._must_carry(request_id, item, customer)

    def must_not_repeat(self, ids: Sequence[str]) -> None:
        """Among the payments that it gave, with these ids, none stands twice."""
        if len(set(ids)) < len(ids):
            text = say(
                "{run} gave the same payment {times} times; each place is a checkout of its own",
                run=self,
                times=len(ids) - len(set(ids)) + 1,
            )
            raise self._broken(text)

    # ---- within

    def _list_of(self, count: int) -> list[object]:
        got = self._outcome()
        if not isinstance(got, list):
            text = say("{run} gave {got}, not a list", run=self, got=facts.value(got))
            raise self._broken(text, line=self._defined_at(got))
        items = cast("list[object]", got)
        if len(items) != count:
            text = say(
                "{run} gave {got} results for {wanted} users",
                run=self,
                got=len(items),
                wanted=count,
            )
            raise self._broken(text, line=self._defined_at())
        return items

    def _misplaced(
        self,
        place: int,
        item: object,
        customer: Customer | None,
        wanted: Iterable[Customer | None],
    ) -> Broken:
        """A finding about a place that holds what it should not; and whose that is, if it is another's."""
        owner = self._owner(item)
        strange = owner is not None and owner is not customer
        text = say(
            PLACE_OF_ANOTHER if strange else PLACE,
            place=place,
            run=self,
            got=facts.value(item),
            wanted=facts.wanted(customer),
            order=facts.finishing(self._session.history, filter(None, wanted)) if strange else "",
        )
        return self._broken(text, customer, owner)

    def _fits(self, item: Any, customer: Customer | None) -> bool:  # noqa: ANN401 - as above
        if customer is None:
            return item is None
        if customer.failure is not None:
            return isinstance(item, Raised) and item.is_a(type(customer.failure).__name__)
        if not customer.orders:
            return isinstance(item, Raised) and item.is_a("NoOrders")
        return self._is_payment(item, customer)

    def _is_payment(self, item: Any, customer: Customer) -> bool:  # noqa: ANN401 - as above
        return (
            isinstance(item, shop.Payment)
            and bool(customer.orders)
            and item in self._session.world.payments_of(customer.orders[0])
        )

    def _must_be_paid_once(self, customer: Customer) -> None:
        order = customer.orders[0]
        times = len(self._session.world.payments_of(order))
        if times > 1 and times > (checkouts := self._checkouts_of(customer)):
            history = self._session.history
            call = [c for c in history.calls(customer.id) if c.subject in LAST][checkouts]
            at = history.place(call)
            text = say(
                "order {order} was paid {times} times: {cause}, and {step} was called again",
                order=order.id,
                times=times,
                cause=facts.cause(history, customer, at),
                step=call.subject,
            )
            raise self._broken(text, customer, line=call.line, at=at)

    def _checkouts_of(self, customer: Customer) -> int:
        """How often he was to be checked out, in all operations."""
        operations = self._session.operations.values()
        return sum(operation.customers.count(customer) for operation in operations)

    def _must_carry(self, request_id: str | None, payment: shop.Payment, owner: Customer) -> None:
        if request_id not in (None, payment.request_id):
            text = say(
                "the payment of {run} carries the request id {got!r}, not its caller's {wanted!r}",
                run=self,
                got=payment.request_id,
                wanted=request_id,
            )
            raise self._broken(text, owner)

    def _owner(self, item: object) -> Customer | None:
        """Whose payment this is."""
        people = self.operation.customers
        orders = {order.id: customer for customer in people for order in customer.orders}
        return orders.get(item.order_id) if isinstance(item, shop.Payment) else None
