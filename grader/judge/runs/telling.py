"""Did an operation come back to its caller as it had to: by one callback, or by a future?"""

from __future__ import annotations

from grader.judge import facts
from grader.judge.runs.outcome import Outcome
from grader.language import say
from grader.protocol.values import Raised


class Telling(Outcome):
    """What its caller must have been told, and when."""

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

    def must_not_have_told_twice(self, which: str) -> None:
        """It called this callback of its caller no more than once, whatever else it called."""
        if [word.which for word in self.operation.told].count(which) > 1:
            self.must_have_told(which)

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

    def must_let_the_callers_bug_out(self, which: str = "on_done") -> None:
        """What this callback of its caller raised was neither swallowed nor turned into another call."""
        self.must_have_told(which)
        errors = [note.error for note in self._session.notes]
        errors += [e.value for e in self.operation.ends if isinstance(e.value, Raised)]
        raised = [str(error) for error in errors if error and error.contains("CallersBug")]
        mine = f"own {which} raised (run {self.operation.number})"
        if not any(mine in error for error in raised):
            text = say(
                "the {which} that {run} called raised an exception, and it was swallowed",
                which=which,
                run=self,
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
