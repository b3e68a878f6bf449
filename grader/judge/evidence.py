"""Which events of a history explain a finding: a pure choice, so that 200 customers do not hide the one concerned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from grader.world import Event, around

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOST = 60
"""Events that a result carries for one check."""
FEW = 5
"""Checkouts that can be followed side by side."""
OPERATIONS = frozenset({"started", "ended", "cancelled", "told"})
"""The events that are about an operation, and not about a service."""


@dataclass(frozen=True, slots=True)
class Focus:
    """What a finding is about.

    Attributes:
        users: Ids of the customers concerned; empty: those who were served last before it.
        operation: Number of the operation concerned; 0 if it is not about one.
        step: The only step that matters; "" if all do.
        at: Place in the history of the event at which it went wrong; None: the last of those concerned.
        seen: Length of the history when it was found; what came after explains nothing. None: all of it.
    """

    users: frozenset[int] = frozenset()
    operation: int = 0
    step: str = ""
    at: int | None = None
    seen: int | None = None


NOTHING = Focus()
"""Of a finding that is about no customer in particular."""


def follow(users: Iterable[int], first: Iterable[int] = ()) -> frozenset[int]:
    """Whom to follow of a batch: all of a small one; of a large one only those who come first."""
    everybody, chosen = frozenset(users), frozenset(first)
    return chosen | everybody if len(chosen | everybody) <= FEW else chosen


def evidence(
    events: Sequence[Event], focus: Focus, owners: Mapping[int, Sequence[int]], most: int = MOST
) -> tuple[Event, ...]:
    """Choose the events that explain a finding.

    Args:
        events: A history.
        focus: What the finding is about.
        owners: Operation to the users whose checkouts it does.
        most: How many to choose, > 1.

    Returns:
        In the order of the history, with times from its first event; one of them is marked as wrong.
    """
    named = [owned(event, owners) for event in events[: focus.seen]]
    users = focus.users or _nearest(named[: None if focus.at is None else focus.at + 1])
    places = [
        place
        for place, event in enumerate(named)
        if place == focus.at or _concerns(event, focus, users, owners)
    ]
    if not places:
        return ()
    wrong = places[-1] if focus.at is None else focus.at
    kept = around(len(places), most, places.index(wrong))
    began, before = events[0].at, -1
    told: list[Event] = []
    for rank in kept:
        event, place = named[places[rank]], places[rank]
        told.append(
            msgspec.structs.replace(
                event,
                at=round(event.at - began, 4),
                wrong=place == wrong,
                left_out=rank - before - 1,
            )
        )
        before = rank
    return tuple(told)


def owned(event: Event, owners: Mapping[int, Sequence[int]]) -> Event:
    """Give an event about an operation for one customer that customer's id.

    Args:
        event: Of a history.
        owners: Operation to the users whose checkouts it does.
    """
    users = owners.get(event.number, ()) if event.what in OPERATIONS else ()
    return msgspec.structs.replace(event, user=users[0]) if len(users) == 1 else event


def _nearest(events: Sequence[Event]) -> frozenset[int]:
    """The users of the latest events, as many as can be followed."""
    latest = dict.fromkeys(event.user for event in reversed(events) if event.user is not None)
    return frozenset(list(latest)[:FEW])


def _concerns(
    event: Event, focus: Focus, users: frozenset[int], owners: Mapping[int, Sequence[int]]
) -> bool:
    if event.what in OPERATIONS:
        mine = focus.operation == event.number or event.user in users
        return mine or (event.user is None and not users.isdisjoint(owners.get(event.number, ())))
    if focus.step not in ("", event.subject):
        return False
    return event.user is None or event.user in users
