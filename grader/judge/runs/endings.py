"""Did an operation end when it had to, and did it leave nothing behind?"""

from __future__ import annotations

from grader.judge import facts
from grader.judge.runs.outcome import Outcome
from grader.language import later, say
from grader.results import Kind
from grader.world import SOURCE

TOLERANCE = 0.02
"""Virtual seconds by which a program that looks at the clock in steps of its own may be late."""
AFTER_ITS_END = later("{run} was over, and afterwards it called {steps}")
AFTER_CANCELLATION = later("{run} was cancelled, and afterwards it called {steps}")


class Endings(Outcome):
    """How and when it must have ended."""

    def must_be_over(self) -> None:
        """There was no further item."""
        got = self._outcome(raised=True)
        if self.gave_a_value or not got.is_a("StopAsyncIteration"):
            text = say("all results were given, and {run} is {got}", run=self, got=facts.value(got))
            raise self._broken(text)

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
