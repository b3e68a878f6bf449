"""The services' decisions: a request goes in, replies with their due times come out. Nothing waits or reads a clock.

Ids, names, amounts and latencies are drawn from the seed, so a program that knows yesterday's answers earns nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import shop
from grader.world.customers import FAILURES, Customer, Fault
from grader.world.replies import SOURCE, Reply, ReplyKind, Source

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Sequence

NAMES = ("Ada", "Bo", "Chae-won", "Dmitri", "Esi", "Farid", "Grace", "Haru", "Ines", "Jun-ho")
LATENCY = (5, 35)
"""Range of a service's latency, in hundredths of a virtual second: so some answers are due in the same instant."""
USUAL = (2, 1, 3)
"""How many orders customers have, by turns."""
LATE = 0.07
"""Virtual seconds between an answer and its duplicate or the error that follows it."""

ARGUMENTS: Mapping[str, type[Any]] = {
    "get_user_data": int,
    "get_orders": shop.User,
    "get_order_details": shop.Order,
    "process_payment": shop.OrderDetails,
    "charge": shop.OrderDetails,
}


class World:
    """All customers of one check, and the money that they paid.

    Attributes:
        prompt: Some service may answer, or raise, before a call returns.
    """

    def __init__(self, draw: random.Random) -> None:
        self._draw = draw
        self._users: dict[int, Customer] = {}
        self._orders: dict[int, Customer] = {}
        self._told: dict[int, shop.OrderDetails] = {}
        self._sources: dict[int, Source] = {}
        self._calls: Counter[tuple[str, int]] = Counter()
        self.paid: list[shop.Payment] = []
        self._payments: defaultdict[int, list[shop.Payment]] = defaultdict(list)
        self.prompt = False

    def add(  # noqa: PLR0913 - a plan, whose parts are all optional and named
        self,
        *,
        orders: int | None = None,
        fails_at: str = "",
        failure: type[Exception] | None = None,
        faults: Mapping[str, Fault | Iterable[Fault]] | None = None,
        latency: float | Mapping[str, float] | None = None,
        turns: Mapping[str, Sequence[bool]] | None = None,
        late: float = LATE,
    ) -> Customer:
        """Draw a new customer.

        Args:
            orders: How many orders step 2 gives, >= 0; by default as `USUAL` has it.
            fails_at: The step that fails; "" for none.
            failure: What it fails with; default is the step's own `ShopError`.
            faults: Per step, how its service misbehaves.
            latency: Virtual seconds, for all steps or per step; drawn where not given.
            turns: Per step, whether its service answers at once: at the first call, the second …; then as at the last.
            late: Virtual seconds between an answer and what follows it.
        """
        user = shop.User(self._fresh(self._users), self._draw.choice(NAMES))
        count = USUAL[len(self._users) % len(USUAL)] if orders is None else orders
        mine = tuple(shop.Order(self._fresh(self._orders), user.id) for _ in range(count))
        details = (
            shop.OrderDetails(mine[0].id, self._draw.randrange(100, 100_000)) if mine else None
        )
        kind = failure or FAILURES.get(fails_at)
        customer = Customer(
            user,
            mine,
            details,
            kind(self._text()) if kind else None,
            fails_at,
            {step: _faults(fault) for step, fault in (faults or {}).items()},
            self._latencies(latency),
            turns or {},
            late,
        )
        planned = frozenset[Fault]().union(*customer.faults.values())
        self.prompt |= bool(planned & {Fault.AT_ONCE, Fault.RAISES} or customer.turns)
        self._users[user.id] = customer
        self._orders.update((order.id, customer) for order in mine)
        return customer

    def open_source(
        self,
        customers: Iterable[Customer],
        pace: float = 0.0,
        failure: type[Exception] | None = None,
    ) -> int:
        """A source of these customers' ids.

        Args:
            customers: Whose ids it gives.
            pace: Virtual seconds until an id is there that was asked for.
            failure: What it raises in place of its end.

        Returns:
            Its number.
        """
        number = len(self._sources)
        error = failure(self._text()) if failure else None
        self._sources[number] = Source([customer.id for customer in customers], pace, error)
        return number

    def read_from(self, source: int) -> int:
        """How many ids were read from it."""
        return self._sources[source].read

    def owner(self, step: str, argument: object) -> Customer | None:
        """Whose call this is; None if the argument is not what the step takes."""
        if type(argument) is not ARGUMENTS.get(step):
            return None
        match argument:
            case shop.User(id=number) | int(number):
                return self._users.get(number)
            case shop.Order(id=number) | shop.OrderDetails(order_id=number):
                return self._orders.get(number)
            case _:
                return None

    def replies(self, step: str, argument: object, request_id: str) -> list[Reply]:
        """Decide what one call does, and when its caller hears of it."""
        if step == SOURCE:
            return [self._source(argument).next()]
        customer = self.owner(step, argument)
        if customer is None or not self._genuine(step, argument, customer):
            return [
                Reply(
                    "raises" if self.prompt else "error",
                    TypeError(f"{step} was given {argument}"[:150]),
                    None,
                )
            ]
        if customer.has(step, Fault.RAISES) and not customer.has(step, Fault.AT_ONCE):
            return [self._raised(step, customer)]
        if customer.has(step, Fault.SILENT):
            return []
        outcome = self._outcome(step, customer, argument, request_id)
        after = None if self._at_once(step, customer) else customer.latency[step]
        kind: ReplyKind = "error" if isinstance(outcome, Exception) else "done"
        return [
            Reply(kind, outcome, after),
            *self._afterthoughts(step, customer, kind, outcome, after),
        ]

    def _raised(self, step: str, customer: Customer) -> Reply:
        error = customer.failure if step == customer.fails_at else None
        return Reply("raises", error or FAILURES[step](self._text()), None)

    def _source(self, number: object) -> Source:
        """The source of this number; whoever asks for another has made it up."""
        if not isinstance(number, int):
            raise ValueError(f"there is no source {number!r}"[:150])  # noqa: TRY004 - nobody called us wrongly
        return self._sources[number]

    def _at_once(self, step: str, customer: Customer) -> bool:
        if not (turns := customer.turns.get(step)):
            return customer.has(step, Fault.AT_ONCE)
        self._calls[step, customer.id] += 1
        return turns[min(self._calls[step, customer.id], len(turns)) - 1]

    def _afterthoughts(
        self,
        step: str,
        customer: Customer,
        kind: ReplyKind,
        outcome: object,
        after: float | None,
    ) -> Iterable[Reply]:
        late = (after or 0.0) + customer.late
        if customer.has(step, Fault.TWICE):
            yield Reply(kind, outcome, None if after is None else late)
        if customer.has(step, Fault.LATE_ERROR):
            yield Reply("error", FAILURES[step](self._text()), late)
        if customer.has(step, Fault.LATE_ANSWER):
            yield Reply("done", _in_hand(step, customer), late)
        if customer.has(step, Fault.RAISES):
            yield self._raised(step, customer)

    def _outcome(self, step: str, customer: Customer, argument: Any, request_id: str) -> object:  # noqa: ANN401 - vetted
        if step == customer.fails_at:
            return customer.failure
        match step:
            case "get_user_data":
                return customer.user
            case "get_orders":
                return list(customer.orders)
            case "get_order_details":
                return self._details(argument, customer)
            case _:
                return self._pay(argument, request_id)

    def _details(self, order: shop.Order, customer: Customer) -> shop.OrderDetails:
        """The same for an order, however often it is asked."""
        first = customer.details
        if first is None or first.order_id != order.id:
            first = shop.OrderDetails(order.id, self._draw.randrange(100, 100_000))
        return self._told.setdefault(order.id, first)

    def _pay(self, details: shop.OrderDetails, request_id: str) -> shop.Payment:
        payment = shop.Payment(
            f"pay-{self._draw.getrandbits(40):010x}", details.order_id, details.amount, request_id
        )
        self.paid.append(payment)
        self._payments[payment.order_id].append(payment)
        return payment

    def payments_of(self, order: shop.Order) -> Sequence[shop.Payment]:
        """What was paid for an order; once is right."""
        return self._payments[order.id]

    def _genuine(self, step: str, argument: Any, customer: Customer) -> bool:  # noqa: ANN401 - vetted by its type
        """Whether the submission passed on what the shop gave it."""
        match step:
            case "get_orders":
                return bool(argument == customer.user)
            case "get_order_details":
                return argument in customer.orders
            case "process_payment" | "charge":
                return argument in (customer.details, self._told.get(argument.order_id))
            case _:
                return True

    def _fresh(self, taken: Mapping[int, object]) -> int:
        while (number := self._draw.randrange(1_000, 10_000_000)) in taken:
            pass
        return number

    def _latencies(self, given: float | Mapping[str, float] | None) -> dict[str, float]:
        fixed: Mapping[str, float] = given if isinstance(given, Mapping) else {}
        same = given if isinstance(given, (int, float)) else None
        return {
            step: fixed.get(step, self._draw.randint(*LATENCY) / 100 if same is None else same)
            for step in ARGUMENTS
        }

    def _text(self) -> str:
        return f"no. {self._draw.randrange(10_000)}"


def _in_hand(step: str, customer: Customer) -> object:
    """What a step that fails would have answered."""
    answers = {"get_user_data": customer.user, "get_orders": list(customer.orders)}
    return answers.get(step, customer.details)


def _faults(given: Fault | Iterable[Fault]) -> frozenset[Fault]:
    return frozenset([given]) if isinstance(given, Fault) else frozenset(given)
