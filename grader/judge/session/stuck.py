"""Why an operation cannot end any more, or ended before the check had come to what it wanted to see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.judge import facts
from grader.judge.evidence import FEW, Focus, follow
from grader.judge.findings import Broken
from grader.language import later, say
from grader.protocol.values import Raised
from grader.results import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.judge.operations import Operation
    from grader.judge.session.talk import Talk
    from grader.world import Customer

STUCK = later("{run} never ends: {owed}")
STUCK_AFTER = later("{cause}, and {run} never ends: {owed}")


async def stuck(session: Talk, operations: Iterable[Operation]) -> Broken:
    """What is to be said of operations for which nothing can happen any more."""
    waiting = next((o for o in operations if not o.done), None)
    if waiting is None:
        return Broken(
            Kind.STUCK, say("the program never comes to its next step"), await _rests(session)
        )
    customers = [c for c in waiting.customers if not session.history.is_over(c.id)]
    focus = _focus(session, waiting, *customers[:FEW])
    run = session.describe(waiting)
    if died := next(filter(facts.is_fatal, session.notes), None):
        text = say("{cause}, so {run} never ends", cause=facts.died(died), run=run)
        return Broken(Kind.STUCK, text, died.line or session.history.last_line(), focus)
    user = customers[0].id if customers else None
    line = await _rests(session) or session.history.last_line(user)
    cause = facts.cause(session.history, customers[0]) if customers else ""
    text = _why_stuck(session, run, cause)
    return Broken(Kind.STUCK, text, line or session.history.last_line(), focus)


def ended_too_soon(session: Talk, operation: Operation) -> Broken:
    """What is to be said of an operation that is over before what a check waits for has happened."""
    value = operation.ends[0].value if operation.ends else None
    line = value.line if isinstance(value, Raised) else None
    gave = facts.value(session.value_of(operation))
    text = say(
        "{run} gave {got} before it had come to its last step",
        run=session.describe(operation),
        got=gave,
    )
    return Broken(
        Kind.BEHAVIOUR, text, line or session.history.last_line(), _focus(session, operation)
    )


def _why_stuck(session: Talk, run: str, cause: str) -> str:
    silent = next((r.step for r in session.requests.values() if r.open), None)
    owed = (
        say("{step} does not answer, no timer runs", step=silent)
        if silent
        else say("every call is answered, no timer runs")
    )
    waits = [
        say("{task} waits at line {line}", task=task.name, line=task.line)
        for task in session.task_states[:FEW]
        if task.line
    ]
    said = say(STUCK_AFTER if cause else STUCK, cause=cause, run=run, owed=owed)
    return "; ".join([said, *waits])


async def _rests(session: Talk) -> int | None:
    """Line at which a task of the submission waits."""
    lines = [task.line for task in await session.tasks() if task.line]
    return lines[0] if lines else None


def _focus(session: Talk, operation: Operation, *first: Customer) -> Focus:
    """A finding about an operation, and first of all about some of its customers."""
    users = follow((c.id for c in operation.customers), (c.id for c in first))
    seen = len(session.history)
    return Focus(users, operation.number, at=operation.ended_at, seen=seen)
