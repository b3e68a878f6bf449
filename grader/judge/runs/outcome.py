"""What came of one operation: what its caller got, and a finding about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.judge import facts
from grader.judge.evidence import Focus, follow
from grader.judge.findings import Broken
from grader.language import say
from grader.protocol.values import Raised, unpack
from grader.results import Kind

if TYPE_CHECKING:
    from grader.judge.operations import Operation
    from grader.judge.session import Session
    from grader.world import Customer


class Outcome:
    """A call of the submission, and what its caller got."""

    def __init__(self, session: Session, operation: Operation) -> None:
        self._session = session
        self.operation = operation

    def __repr__(self) -> str:
        return self._session.describe(self.operation)

    @property
    def done(self) -> bool:
        """Whether it has ended, or told its caller."""
        return self.operation.done

    @property
    def gave_a_value(self) -> bool:
        """Whether it ended with a value."""
        return any(end.how == "value" for end in self.operation.ends)

    @property
    def told_of(self) -> str:
        """Which callback of its caller it called first; "" if none."""
        return self.operation.told[0].which if self.operation.told else ""

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

    def _place_of_word(self, count: int) -> int | None:
        """Where in the history its caller was told for this time."""
        number = self.operation.number
        events = enumerate(self._session.history)
        places = [i for i, e in events if e.what == "told" and e.number == number]
        return places[count - 1] if 0 < count <= len(places) else None

    def _defined_at(self, got: object = None) -> int | None:
        """Line of the function that was called, for what is wrong with its result; an error knows its own."""
        loaded = self._session.loaded
        if isinstance(got, Raised) or loaded is None:
            return None
        return loaded.lines.get(self.operation.what)

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
