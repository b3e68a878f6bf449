"""One operation as a check sees it: what must have come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import shop
from grader.judge import facts
from grader.judge.evidence import Focus, follow
from grader.judge.findings import Broken
from grader.language import later, say
from grader.protocol.values import Raised, unpack
from grader.results import Kind
from grader.world import SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.judge.operations import Operation
    from grader.judge.session import Session
    from grader.world import Customer
    from grader.world.troubles import Fate


LAST = ("process_payment", "charge")
"""The steps that move money."""
TOLERANCE = 0.02
"""Virtual seconds by which a program that looks at the clock in steps of its own may be late."""
NOT = later("{run} gave {got}, not {wanted}")
RAISED_NOT = later("{run} raised {got}, not {wanted}")
PLACE = later("place {place} of what {run} gave holds {got}, not {wanted}")
PLACE_OF_ANOTHER = later(
    "place {place} of what {run} gave holds {got}, not {wanted}; last answers came for users {order}"
)
BUG = later(
    "a service failed with {error}, which is a bug, and {run} gave {got} instead of raising it"
)
AFTER_ITS_END = later("{run} was over, and afterwards it called {steps}")
AFTER_CANCELLATION = later("{run} was cancelled, and afterwards it called {steps}")


class Run:
    """A call of the submission, from its start to what its caller got.

    The `must_…` methods raise `Broken` with a fact out of the history.
    """

    def __init__(self, session: Session, operation: Operation) -> None:
        self._session = session
        self.operation = operation

    def __repr__(self) -> str:
        return self._session.describe(self.operation)

    @property
    def done(self) -> bool:
        """Whether it has ended, or told its caller."""
        return self.operation.done

    # ---- acts

    async def cancel(self, *, scope: bool = False) -> None:
        """Cancel it: natively, or by an anyio scope, which cancels again and again."""
        await self._session.cancel(self.operation, scope=scope)

    # ---- what must have come of it

    def must_pay(self, customer: Customer | None = None, *, request_id: str = "-") -> None:
        """It gave the payment of the customer's first order, which was paid once, under the caller's request id."""
        customer = customer or self.operation.customers[0]
        got = self._outcome()
        if not self._is_payment(got, customer):
            text = say(NOT, run=self, got=facts.value(got), wanted=facts.wanted(customer))
            raise self._broken(text, customer)
        self._must_be_paid_once(customer)
        self._must_carry(request_id, got, customer)

    def must_give(self, wanted: object) -> None:
        """It gave this value, and nothing else."""
        got = self._outcome()
        if got != wanted:
            text = say(NOT, run=self, got=facts.value(got), wanted=facts.value(wanted))
            raise self._broken(text)

    def must_fail_with(self, kind: type[BaseException], customer: Customer | None = None) -> None:
        """Its caller got this error, and nothing else."""
        customer = customer or self.operation.customers[0]
        got = self._outcome()
        if not (isinstance(got, Raised) and got.is_a(kind.__name__)):
            cause = facts.cause(self._session.history, customer)
            text = say(
                "{cause}, and {run} gave {got}, not {wanted}",
                cause=cause,
                run=self,
                got=facts.value(got),
                wanted=kind.__name__,
            )
            raise self._broken(text, customer)
        if not self.operation.told and self.operation.ends[0].how == "value":
            text = say(
                "{run} gave {got} as its result; it has to fail with it",
                run=self,
                got=facts.value(got),
            )
            raise self._broken(text, customer)

    @property
    def gave_a_value(self) -> bool:
        """Whether it ended with a value."""
        return any(end.how == "value" for end in self.operation.ends)

    def must_give_something(self) -> None:
        """It ended with a value, and not with an error."""
        if not self.gave_a_value:
            got = facts.value(self._outcome(raised=True))
            raise self._broken(say("{run} raised {got}", run=self, got=got))

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

    def must_be_over(self) -> None:
        """There was no further item."""
        got = self._outcome(raised=True)
        if self.gave_a_value or not got.is_a("StopAsyncIteration"):
            text = say("all results were given, and {run} is {got}", run=self, got=facts.value(got))
            raise self._broken(text)

    def must_come_to(self, fate: Fate) -> None:
        """It ended so; or it waits for a service that is silent."""
        (customer,) = self.operation.customers
        if fate.error is not None:
            self.must_fail_with(fate.error)
        elif fate.ends:
            self.must_pay()
        elif self.done:
            text = say(
                "{cause}, and {run} gave {got}",
                cause=facts.cause(self._session.history, customer),
                run=self,
                got=facts.value(self._outcome()),
            )
            raise self._broken(text, customer)

    def must_raise(self, kind: type[Exception], fact: str = BUG) -> None:
        """It raised this exception, bare or in a group.

        Args:
            kind: Its class.
            fact: What is said if it did not; with {error}, {run} and {got}.
        """
        got = self._outcome(raised=True)
        if self.gave_a_value or not (isinstance(got, Raised) and got.contains(kind.__name__)):
            raise self._broken(say(fact, error=kind.__name__, run=self, got=facts.value(got)))

    def must_give_each(
        self, customers: Iterable[Customer | None], *, request_id: str | None = None
    ) -> None:
        """It gave a list: for each customer, in the order of the input, the payment or the expected error.

        Args:
            customers: None for those of whom it has to give None.
            request_id: What each payment carries, if that is looked at.
        """
        wanted = list(customers)
        got = self._outcome()
        if not isinstance(got, list):
            text = say("{run} gave {got}, not a list", run=self, got=facts.value(got))
            raise self._broken(text)
        items = cast("list[object]", got)
        if len(items) != len(wanted):
            text = say(
                "{run} gave {got} results for {wanted} users",
                run=self,
                got=len(items),
                wanted=len(wanted),
            )
            raise self._broken(text)
        for place, (item, customer) in enumerate(zip(items, wanted, strict=True)):
            if not self._fits(item, customer):
                owner = self._owner(item)
                strange = owner is not None and owner is not customer
                others = filter(None, wanted)
                text = say(
                    PLACE_OF_ANOTHER if strange else PLACE,
                    place=place,
                    run=self,
                    got=facts.value(item),
                    wanted=facts.wanted(customer),
                    order=facts.finishing(self._session.history, others) if strange else "",
                )
                raise self._broken(text, customer, owner)
        ids = [item.id for item in items if isinstance(item, shop.Payment)]
        if len(set(ids)) < len(ids):
            times = len(ids) - len(set(ids)) + 1
            text = say(
                "{run} gave the same payment {times} times; each place is a checkout of its own",
                run=self,
                times=times,
            )
            raise self._broken(text)
        for customer, item in zip(wanted, items, strict=True):
            if customer and isinstance(item, shop.Payment):
                self._must_be_paid_once(customer)
                self._must_carry(request_id, item, customer)

    def must_be_cancelled(self) -> None:
        """It ended as cancelled."""
        if not self.done:
            text = say("{run} was cancelled, and goes on as if nothing had happened", run=self)
            raise self._broken(text, kind=Kind.STUCK)
        if not any(end.how == "cancelled" for end in self.operation.ends[:1]):
            text = say(
                "{run} was cancelled, and gave {got} instead of ending so",
                run=self,
                got=facts.value(self._outcome()),
            )
            raise self._broken(text)

    def must_go_on_no_more(self) -> None:
        """Since it was cancelled, or ended, none of its steps began."""
        since = self.operation.cancelled_at
        over = since is None
        if since is None:
            since = self.operation.ended_at or 0
        users = {customer.id for customer in self.operation.customers}
        late = [call for call in self._session.history.calls(since=since) if call.user in users]
        if late:
            called = facts.steps([call.subject for call in late])
            text = say(AFTER_ITS_END if over else AFTER_CANCELLATION, run=self, steps=called)
            at = self._session.history.place(late[0])
            raise self._broken(text, line=late[0].line, at=at)

    def must_have_let_go(self) -> None:
        """When it ended, none of its calls to a service was still open."""
        users = {customer.id for customer in self.operation.customers}
        for request in self.operation.open_at_end:
            theirs = request.customer and request.customer.id in users
            if theirs or request.step == SOURCE:
                text = say(
                    "{run} had ended, and its call of {step} was still waiting for an answer",
                    run=self,
                    step=request.step,
                )
                raise self._broken(text, request.customer, line=request.line)

    def must_have_carried_through(self, step: str) -> None:
        """It called this step once, and had its answer before it ended, though it was to end before."""
        (customer,) = self.operation.customers
        history = self._session.history
        mine = [(place, e) for place, e in enumerate(history) if e.user == customer.id]
        called = [e for _, e in mine if (e.what, e.subject) == ("called", step)]
        if len(called) != 1:
            text = say(
                "{run} called {step} {count} times; right would be once",
                run=self,
                step=step,
                count=len(called),
            )
            raise self._broken(text, customer)
        answered = next((p for p, e in mine if e.what == "answered" and e.subject == step), None)
        ended = self.operation.ended_at
        if answered is None or ended is None or ended < answered:
            text = say("{run} had begun {step}, and did not wait for its end", run=self, step=step)
            raise self._broken(text, customer, line=called[0].line)

    def must_end_after(self, seconds: float) -> None:
        """It ended so many virtual seconds after it began, neither before nor later."""
        events = [e for e in self._session.history if e.number == self.operation.number]
        first, *_ = (e.at for e in events if e.what == "started")
        last = next((e.at for e in events if e.what == "ended"), None)
        if last is None or abs(last - first - seconds) > TOLERANCE:
            text = (
                say("{run} had {seconds:g} s, and ended never", run=self, seconds=seconds)
                if last is None
                else say(
                    "{run} had {seconds:g} s, and ended after {took:.2f} s",
                    run=self,
                    seconds=seconds,
                    took=last - first,
                )
            )
            raise self._broken(text)

    def must_have_told(self, which: str) -> None:
        """It called this callback of its caller, once, and not the other one."""
        told = self.operation.told
        if [word.which for word in told] != [which]:
            words = facts.joined([word.which for word in told])
            line = told[-1].line if told else None
            text = say(
                "{run} called {words}; right would be {which}, once",
                run=self,
                words=words or say("neither on_done nor on_error"),
                which=which,
            )
            raise self._broken(text, line=line, at=self._place_of_word(len(told)))

    def must_have_told_later(self) -> None:
        """It had come back before it called any callback of its caller."""
        number, history = self.operation.number, self._session.history
        mine = [
            (e.what, e) for e in history if e.number == number and e.what in ("started", "told")
        ]
        if mine and mine[0][0] == "told":
            told = mine[0][1]
            text = say(
                "{run} called {which} before it had returned to its caller",
                run=self,
                which=told.subject,
            )
            raise self._broken(text, line=told.line, at=history.place(told))

    def must_let_the_callers_bug_out(self) -> None:
        """What the caller's own callback raised was neither swallowed nor turned into another call."""
        self.must_have_told("on_done")
        errors = [note.error for note in self._session.notes]
        errors += [e.value for e in self.operation.ends if isinstance(e.value, Raised)]
        if not any(error and error.contains("CallersBug") for error in errors):
            text = say(
                "the on_done that {run} called raised an exception, and it was swallowed", run=self
            )
            raise self._broken(text, line=self.operation.told[0].line)

    def must_be_pending(self) -> None:
        """It came back at once with a future that is not done, before any service has answered."""
        started = self.operation.started
        how = started.how if started else "nothing"
        if how == "raised":
            error = facts.value(self._outcome())
            text = say("{run} raised {error} instead of returning a future", run=self, error=error)
            raise self._broken(text)
        if how not in ("pending", "done"):
            raise self._broken(say("{run} returned {what}, not a future", run=self, what=how))
        if how == "done" or self.done:
            text = say(
                "{run} returned a future that was done already, before any service had answered",
                run=self,
            )
            raise self._broken(text)

    def must_not_raise_out(self) -> None:
        """The call itself came back, whatever happened."""
        started = self.operation.started
        if started and started.how == "raised":
            text = say(
                "{run} raised {error} to its caller instead of telling it",
                run=self,
                error=facts.value(unpack(self.operation.ends[0].value)),
            )
            raise self._broken(text, line=started.line)

    # ---- within

    def _outcome(self, *, raised: bool = False) -> Any:  # noqa: ANN401 - whatever the submission gave
        """What the caller got: a value, or a `Raised`.

        Raises:
            Broken: It got nothing yet, or more than one word.
        """
        operation = self.operation
        if operation.started and operation.started.how == "raised" and not raised:
            self.must_not_raise_out() if self._session.tells else None
        if operation.told:
            return self._told_once()
        if not operation.ends:
            raise self._broken(say("{run} never ended", run=self), kind=Kind.STUCK)
        end = operation.ends[0]
        return Raised("CancelledError") if end.how == "cancelled" else unpack(end.value)

    def _told_once(self) -> Any:  # noqa: ANN401 - as above
        told = self.operation.told
        if len(told) > 1:
            words = [f"{t.which}({facts.value(unpack(t.value))})" for t in told[:3]]
            line = told[1].line or told[0].line
            text = say(
                "{run} called {words}; its caller waits for exactly one word",
                run=self,
                words=facts.joined(words),
            )
            raise self._broken(text, line=line, at=self._place_of_word(2))
        (only,) = told
        if only.thread != self._session.loop_thread:
            text = say(
                "{run} called {which} on another thread than the loop's",
                run=self,
                which=only.which,
            )
            raise self._broken(text, line=only.line, kind=Kind.LOOP_ERROR)
        value = unpack(only.value)
        if (only.which == "on_error") != isinstance(value, Raised):
            got = facts.value(value)
            text = say("{run} called {which} with {got}", run=self, which=only.which, got=got)
            raise self._broken(text, line=only.line)
        return value

    def _fits(self, item: Any, customer: Customer | None) -> bool:  # noqa: ANN401 - as above
        if customer is None:
            return item is None
        if customer.failure is not None:
            return isinstance(item, Raised) and item.name == type(customer.failure).__name__
        if not customer.orders:
            return isinstance(item, Raised) and item.name == "NoOrders"
        return self._is_payment(item, customer)

    def _is_payment(self, item: Any, customer: Customer) -> bool:  # noqa: ANN401 - as above
        return (
            isinstance(item, shop.Payment)
            and item in self._session.world.paid
            and bool(customer.orders)
            and item.order_id == customer.orders[0].id
        )

    def _must_be_paid_once(self, customer: Customer) -> None:
        order = customer.orders[0].id
        times = sum(payment.order_id == order for payment in self._session.world.paid)
        checkouts = sum(
            operation.customers.count(customer) for operation in self._session.operations.values()
        )
        if times > checkouts:
            history = self._session.history
            call = [c for c in history.calls(customer.id) if c.subject in LAST][checkouts]
            at = history.place(call)
            text = say(
                "order {order} was paid {times} times: {cause}, and {step} was called again",
                order=order,
                times=times,
                cause=facts.cause(history, customer, at),
                step=call.subject,
            )
            raise self._broken(text, customer, line=call.line, at=at)

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

    def _place_of_word(self, count: int) -> int | None:
        """Where in the history its caller was told for this time."""
        number = self.operation.number
        events = enumerate(self._session.history)
        places = [i for i, e in events if e.what == "told" and e.number == number]
        return places[count - 1] if 0 < count <= len(places) else None

    def _broken(
        self,
        text: str,
        *people: Customer | None,
        line: int | None = None,
        at: int | None = None,
        kind: Kind = Kind.BEHAVIOUR,
    ) -> Broken:
        """A finding about this operation, at a place in the history or at its end.

        Args:
            text: The fact.
            people: Whose checkout it is about, and whose explain it.
            line: The line, if it is known better than from the history.
            at: The place.
            kind: The sort of breach.
        """
        ends = self.operation.ends
        error = ends[0].value if ends else None
        line = line or (error.line if isinstance(error, Raised) else None)
        history = self._session.history
        concerned = [customer.id for customer in people if customer is not None]
        line = line or (history.last_line(concerned[0]) if concerned else None)
        line = line or history.last_line()
        mine = (c.id for c in self.operation.customers)
        users = frozenset(concerned) if len(set(concerned)) > 1 else follow(mine, concerned)
        at = self.operation.ended_at if at is None else at
        focus = Focus(users, self.operation.number, at=at, seen=len(history))
        return Broken(kind, text, line, focus)
