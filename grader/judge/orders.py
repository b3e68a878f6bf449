"""Answering many batches side by side, each in an order of its own."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from grader.judge.operations import Operation, Pending, portions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from grader.judge.session import Session
    from grader.world import Customer


async def drive_in_orders(session: Session, orders: Mapping[Operation, Sequence[Customer]]) -> None:
    """Give each batch the next reply to whose turn it is, all batches at once, until the orders are through.

    Who has asked nothing when it is his turn is passed over; what is left in the end is answered when it is due.

    Raises:
        Broken: A batch cannot end any more.
    """
    turns = [deque(order) for order in orders.values()]
    await session.settle()
    while chosen := _next(turns, session.agenda.free(None)):
        for some in portions([pending for pending in chosen if not pending.request.blocks]):
            await session.deliver(*map(session.given, some))
        for pending in chosen:
            if pending.request.blocks:
                await session.answer(pending)
        await session.settle()
    await session.drive(*orders)


def _next(turns: Iterable[deque[Customer]], free: Sequence[Pending]) -> list[Pending]:
    """For each batch, the reply that its order has next."""
    asked = {p.request.customer: p for p in reversed(free) if p.request.customer}
    found = (_first_asked(turn, asked) for turn in turns)
    return [pending for pending in found if pending]


def _first_asked(turn: deque[Customer], asked: Mapping[Customer, Pending]) -> Pending | None:
    while turn:
        if pending := asked.get(turn.popleft()):
            return pending
    return None
