"""How the judge words what happened: facts out of the history, for the learner to read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

import shop
from grader.judge.unfamiliar import OFF_THE_LOOP
from grader.language import later, say
from grader.protocol.values import Foreign, Listed, Raised

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.protocol.messages import Note, Problem
    from grader.protocol.values import Value
    from grader.world import Customer, Event, History

FEW = 6
"""Things of a kind that one sentence names."""
HEARD = ("answered", "raised", "abandoned", "misused")
"""What a call comes to."""
IN_A_CALLBACK = "Exception in callback"
"""How asyncio begins to tell of one; it goes on with the callback, which may be one of ours."""
DESTROYED = "Task was destroyed"
"""The same of a task that nobody held."""
ORPHANED = "has errored out but its parent task"
"""The same of a task whose group has nobody left who waits for it."""
UNAWAITED = re.compile(r"^coroutine '(.+)' was never awaited")
"""How Python warns of a coroutine."""
NOTED = {
    "crash": later("{what} broke the loop"),
    "loop_error": later("an error reached the loop's exception handler: {what}"),
    "never_awaited": later("a coroutine was made and never awaited: {what}"),
    "leak": later("a task was still running when all was over: {what}"),
    "spin": later(
        "the program polls instead of waiting: the loop turned {what} times and was never idle"
    ),
    "thread_died": later("a thread ended with {what}"),
    "breakpoint": later(
        "breakpoint() has no terminal in a grading; run this one check with --check NAME --debug"
    ),
    "disturbed": later(
        "{what} was over, and something that it had left behind cancelled its caller, who had gone on"
    ),
    "wrong_thread": later("{what} was called off the loop's thread"),
}
"""What the child notes, by its kind."""
PROBLEMS = {
    "encoding": later("pipeline.py cannot be read in its declared encoding: {what}"),
    "syntax": later("pipeline.py is not valid Python: {what}"),
    "compile": later("pipeline.py cannot be compiled: {what}"),
    "nesting": later("pipeline.py cannot be compiled: nested too deeply"),
    "coroutines": later("this stage is written without `async` and `await`"),
    "import": later("pipeline.py raised {what} while it was imported"),
    "undefined": later("pipeline.py does not define `{name}`"),
    "signature": later("`{name}` cannot be called as `{name}({what})`"),
    "wall": later("a wall that held a moment ago does not: {what}"),
}
"""Why a submission cannot be judged, by the child's word for it."""
ANSWERED = later("{step} answered")
ANSWERED_WITH = later("{step} answered with {what}")
ANSWERED_AGAIN = later("{step} answered again")
ANSWERED_AGAIN_WITH = later("{step} answered again with {what}")
MISSING = later("{cause}, and the checkout of user {user} never called {step}")
MISSING_AGAIN = later(
    "{cause}, and the next checkout of user {user} did not call {step}: each checkout calls its own steps"
)
CALLED = later("{cause}, and the checkout of user {user} called {step}; right would be {right}")
CALLED_AGAIN = later(
    "{cause}, and the checkout of user {user} called {step} again; right would be {right}"
)


def value(thing: Any) -> str:  # noqa: ANN401 - whatever the submission gave
    """A value in a few words."""
    match thing:
        case shop.Payment():
            return say("the payment of order {order}", order=thing.order_id)
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
    if not names:
        return say("nothing")
    few = ", ".join(names[:FEW])
    if len(names) <= FEW:
        return few
    return say("{few}, … ({count} calls)", few=few, count=len(names))


def joined(words: Sequence[str]) -> str:
    """Words that follow one another; "" for none."""
    return say(" and ").join(words)


def wanted(customer: Customer | None) -> str:
    """What a checkout of this customer has to come to, in words; None: it has to give up."""
    if customer is None:
        return say("None, for it had to give up")
    if customer.failure is not None:
        error = type(customer.failure).__name__
        return say("{error} from {step}", error=error, step=customer.fails_at)
    if not customer.orders:
        return say("NoOrders, since the user has no orders")
    return say("the payment of order {order}", order=customer.orders[0].id)


def cause(history: History, customer: Customer, before: int | None = None) -> str:
    """The last thing that the shop told this customer's checkout, before a place in the history."""
    answer = history.last_answer(customer.id, before)
    if answer is None:
        return say("no service had answered")
    known = {"step": answer.subject, "what": answer.text}
    if answer.what == "raised":
        return say("{step} raised {what}", **known)
    if _is_repeated(history, answer):
        return say(ANSWERED_AGAIN_WITH if answer.text else ANSWERED_AGAIN, **known)
    return say(ANSWERED_WITH if answer.text else ANSWERED, **known)


def _is_repeated(history: History, answer: Event) -> bool:
    same = [e for e in history if e.what == answer.what and e.number == answer.number]
    return same[0] is not answer


def deviation(history: History, customer: Customer, right: Sequence[str]) -> tuple[str, int | None]:
    """Where this customer's checkout left the right sequence of steps, in words, and the place of that call."""
    calls = history.calls(customer.id)
    fits = (c.subject == step for c, step in zip(calls, right, strict=False))
    wrong = next((i for i, fit in enumerate(fits) if not fit), len(right))
    if wrong >= len(calls):
        missing = right[len(calls)]
        text = say(
            MISSING_AGAIN if missing in [c.subject for c in calls] else MISSING,
            cause=cause(history, customer),
            user=customer.id,
            step=missing,
        )
        return text, None
    call = calls[wrong]
    place = history.place(call)
    again = call.subject in [c.subject for c in calls[:wrong]]
    text = say(
        CALLED_AGAIN if again else CALLED,
        cause=cause(history, customer, place),
        user=customer.id,
        step=call.subject,
        right=steps(right),
    )
    return text, place


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


def died(note: Note) -> str:
    """What a fatal error was."""
    if OFF_THE_LOOP in str(note.error):
        return say("another thread used the loop or a future without `call_soon_threadsafe`")
    return say("{error} was raised where nobody caught it", error=note.error)


def noted(note: Note) -> str:
    """What the child noted, without a word about what the judge runs in it."""
    if told := _unheard(note):
        return told
    if note.text.startswith(DESTROYED):
        return say("a task was thrown away while it was still waiting")
    if ORPHANED in note.text:
        return say(
            "a task failed with {error}, and whoever had its group was gone", error=note.error
        )
    if made := UNAWAITED.search(note.text):
        return say(NOTED["never_awaited"], what=made[1])
    error = f" [{note.error}]" if note.error and str(note.error) not in note.text else ""
    return say(NOTED.get(note.kind, "{what}"), what=note.text + error)


def _unheard(note: Note) -> str:
    """An error that nobody heard of, as far as asyncio has words of its own for it; else an empty text."""
    if note.kind == "thread_died" and OFF_THE_LOOP in str(note.error):
        return died(note)
    if note.kind != "loop_error" or note.error is None:
        return ""
    if note.text.startswith(IN_A_CALLBACK):
        return say(
            "{error} came out of a callback, and nobody caught it but the loop's exception handler",
            error=note.error,
        )
    if "never retrieved" in note.text:
        return say(
            "a task or a future failed with {error}, and its exception was never retrieved",
            error=note.error,
        )
    return ""


def problem(found: Problem) -> str:
    """Why a submission cannot be judged."""
    return say(PROBLEMS[found.what], what=found.detail, name=found.name)
