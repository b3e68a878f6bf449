"""How the judge words what happened: facts out of the history, for the learner to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import shop
from grader.protocol.values import Foreign, Listed, Raised

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.protocol.messages import Note
    from grader.protocol.values import Value
    from grader.world import Customer, Event, History

FEW = 6
"""Things of a kind that one sentence names."""
HEARD = ("answered", "raised", "abandoned", "misused")
"""What a call comes to."""
IN_A_CALLBACK = "Exception in callback"
"""How asyncio begins to tell of one; it goes on with the callback, which may be one of ours."""
NOTED = {
    "loop_error": "an error reached the loop's exception handler: {}",
    "never_awaited": "a coroutine was made and never awaited: {}",
    "leak": "a task was still running when all was over: {}",
    "spin": "the program polls instead of waiting: {}",
}


def value(thing: Any) -> str:  # noqa: ANN401 - whatever the submission gave
    """A value in a few words."""
    match thing:
        case shop.Payment():
            return f"the payment of order {thing.order_id}"
        case Raised() | Foreign():
            return str(thing)
        case list():
            items = cast("list[object]", thing)
            inside = ", ".join(value(item) for item in items[:FEW])
            return f"[{inside}{', …' if len(items) > FEW else ''}]"
        case _:
            return repr(thing)[:120]


def reply(value: Value) -> str:
    """What is worth saying of a service's answer: what it failed with, and that there was nothing to give."""
    if isinstance(value, Raised):
        return str(value)
    return "[]" if value == Listed(()) else ""


def finishing(history: History, customers: Iterable[Customer]) -> str:
    """In which order the checkouts of a batch heard their last answers."""
    users = {customer.id for customer in customers}
    told = [e.user for e in history if e.what in ("answered", "raised") and e.user in users]
    last = list(dict.fromkeys(reversed(told)))[::-1]
    return f"{', '.join(map(str, last[:FEW]))}{', …' if len(last) > FEW else ''}"


def steps(names: Sequence[str]) -> str:
    """A sequence of steps in words; of a long one its beginning and its length."""
    more = f", … ({len(names)} calls)" if len(names) > FEW else ""
    return ", ".join(names[:FEW]) + more if names else "nothing"


def wanted(customer: Customer | None) -> str:
    """What a checkout of this customer has to come to, in words; None: it has to give up."""
    if customer is None:
        return "None, for it had to give up"
    if customer.failure is not None:
        return f"{type(customer.failure).__name__} from {customer.fails_at}"
    if not customer.orders:
        return "NoOrders, since the user has no orders"
    return f"the payment of order {customer.orders[0].id}"


def cause(history: History, customer: Customer, before: int | None = None) -> str:
    """The last thing that the shop told this customer's checkout, before a place in the history."""
    answer = history.last_answer(customer.id, before)
    if answer is None:
        return "no service had answered"
    if answer.what == "raised":
        return f"{answer.subject} raised {answer.text}"
    again = " again" if _is_repeated(history, answer) else ""
    return f"{answer.subject} answered{again}{' with ' + answer.text if answer.text else ''}"


def _is_repeated(history: History, answer: Event) -> bool:
    same = [e for e in history if e.what == answer.what and e.number == answer.number]
    return same[0] is not answer


def deviation(history: History, customer: Customer, right: Sequence[str]) -> tuple[str, int | None]:
    """Where this customer's checkout left the right sequence of steps, in words, and the place of that call."""
    calls = history.calls(customer.id)
    who = f"the checkout of user {customer.id}"
    fits = (c.subject == step for c, step in zip(calls, right, strict=False))
    wrong = next((i for i, fit in enumerate(fits) if not fit), len(right))
    if wrong >= len(calls):
        missing = right[len(calls)]
        return f"{cause(history, customer)}, and {who} never called {missing}", None
    call = calls[wrong]
    place = history.place(call)
    again = " again" if call.subject in [c.subject for c in calls[:wrong]] else ""
    text = f"{cause(history, customer, place)}, and {who} called {call.subject}{again}"
    return f"{text}; right would be {steps(right)}", place


def most_in_flight(history: History, customers: Sequence[Customer]) -> tuple[int, Event | None]:
    """How many checkouts were at most between their first call and their last answer, and what was one more."""
    users = {customer.id for customer in customers}
    last = {e.user: e for e in history if e.user in users and e.what in HEARD}
    flying: set[int | None] = set()
    most, more = 0, None
    for event in history:
        if event.user in users:
            flying.add(event.user)
            if event is last.get(event.user):
                flying.remove(event.user)
            if len(flying) > most:
                most, more = len(flying), event
    return most, more


def is_fatal(note: Note) -> bool:
    """Whether the child notes an error that ended what it came out of, since nobody caught it."""
    wanted = note.error is None or note.error.is_a("CallersBug")  # the judge had that one raised
    return not wanted and (note.kind == "thread_died" or note.text.startswith(IN_A_CALLBACK))


def noted(note: Note) -> str:
    """What the child noted, without a word about what the judge runs in it."""
    if note.kind == "loop_error" and note.error is not None:
        if note.text.startswith(IN_A_CALLBACK):
            return f"{note.error} came out of a callback, and nobody caught it but the loop's exception handler"
        if "never retrieved" in note.text:
            return f"a task or a future failed with {note.error}, and its exception was never retrieved"
    error = f" [{note.error}]" if note.error and str(note.error) not in note.text else ""
    return NOTED.get(note.kind, "{}").format(note.text + error)
