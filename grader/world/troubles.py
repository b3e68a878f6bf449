"""What may go wrong in a checkout: every trouble at every step, and every two of them; and what is right then."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import shop
from grader.world.customers import FAILURES, STEPS, Customer, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

What: TypeAlias = Fault | Literal["fails", "bug"]

AFTERWARDS = (Fault.TWICE, Fault.LATE_ERROR)
"""What a service that calls back may do after its answer."""
CALLBACKS: tuple[What, ...] = ("fails", "bug", *AFTERWARDS)
"""What may go wrong with a service that calls back later, sooner or later."""
AT_ONCE: tuple[What, ...] = (Fault.AT_ONCE, Fault.RAISES)
"""What it may do before its call returns."""
PROMPT: tuple[What, ...] = (*CALLBACKS, *AT_ONCE)
"""What may go wrong with a service that may do either."""
COROUTINES: tuple[What, ...] = ("fails", "bug", Fault.SILENT)
"""What may go wrong with one that is awaited."""
_LAST = {"fails", "bug", Fault.SILENT, Fault.RAISES}
_ALONE = {Fault.SILENT, Fault.RAISES}


@dataclass(frozen=True)
class Trouble:
    """One thing that goes wrong at one step."""

    step: str
    what: What

    @property
    def is_last(self) -> bool:
        """Whether no further step begins after it."""
        return self.what in _LAST


@dataclass(frozen=True)
class Fate:
    """What a checkout has to come to.

    Attributes:
        steps: The steps that it calls.
        error: What it ends with; None for the payment.
        ends: False if a service never answers.
    """

    steps: tuple[str, ...]
    error: type[BaseException] | None = None
    ends: bool = True


def every_trouble(
    kinds: Sequence[What], *, among: Sequence[What] | None = None
) -> list[tuple[Trouble, ...]]:
    """Each trouble alone, and each two that can meet in one checkout.

    Args:
        kinds: What may go wrong.
        among: At least one of the troubles has to be one of these; None for any.
    """
    alone = [Trouble(step, what) for step in STEPS for what in kinds]
    both = [pair for pair in itertools.combinations(alone, 2) if _can_meet(*pair)]
    every = [*((one,) for one in alone), *both]
    return [some for some in every if among is None or {t.what for t in some} & {*among}]


def _can_meet(first: Trouble, second: Trouble) -> bool:
    if first.step == second.step:
        ends = first.is_last and second.is_last
        return not ends and not {first.what, second.what} & _ALONE
    return not first.is_last


def plan(troubles: Iterable[Trouble]) -> dict[str, Any]:
    """A customer with these troubles, as arguments of `World.add`."""
    faults: dict[str, tuple[Fault, ...]] = {}
    plan: dict[str, Any] = {"faults": faults}
    for trouble in troubles:
        if isinstance(trouble.what, Fault):
            faults[trouble.step] = (*faults.get(trouble.step, ()), trouble.what)
        else:
            plan["fails_at"] = trouble.step
            plan["failure"] = KeyError if trouble.what == "bug" else None
    return plan


def fate_of(customer: Customer, *, silence: type[BaseException] | None = None) -> Fate:
    """What a right program makes of this customer.

    Args:
        customer: With all troubles.
        silence: What a checkout ends with that gets no answer; None if it waits for ever.
    """
    for count, step in enumerate(STEPS, 1):
        if customer.has(step, Fault.SILENT):
            return Fate(STEPS[:count], silence, ends=silence is not None)
        if error := _error_at(customer, step):
            return Fate(STEPS[:count], error)
    return Fate(STEPS)


def _error_at(customer: Customer, step: str) -> type[Exception] | None:
    if customer.failure is not None and customer.fails_at == step:
        return type(customer.failure)
    if customer.has(step, Fault.RAISES) and not customer.has(step, Fault.AT_ONCE):
        return FAILURES[step]
    return shop.NoOrders if step == "get_orders" and not customer.orders else None


def interleavings(checkouts: int, replies: int) -> Iterator[tuple[int, ...]]:
    """Every order in which so many checkouts can get so many replies each, as places of checkouts.

    There are (c·r)! / r!^c of them: 70 for two checkouts of four replies, 34,650 for three.
    """
    yield from _merged((replies,) * checkouts)


def _merged(left: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    if not any(left):
        yield ()
    for place, count in enumerate(left):
        if count:
            rest = (*left[:place], count - 1, *left[place + 1 :])
            yield from ((place, *after) for after in _merged(rest))


def finishes(checkouts: int, replies: int) -> Iterator[tuple[int, ...]]:
    """Every order in which so many checkouts can come to their last reply; the replies before it, by turns."""
    before = tuple(range(checkouts)) * (replies - 1)
    yield from ((*before, *last) for last in itertools.permutations(range(checkouts)))
