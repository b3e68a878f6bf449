"""The shop as a check sees it: who comes, how the services answer, and what must have been asked of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.judge import facts
from grader.judge.counter.charges import Charges
from grader.judge.findings import Broken
from grader.language import say, say_count
from grader.results import Kind
from grader.world.troubles import fate_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.judge.runs import Run
    from grader.world import Customer


class Counter(Charges):
    """The `shop` of a check: arranges the world before the submission is loaded, steers its answers afterwards."""

    async def must_have_nothing_running(self) -> None:
        """No task of the submission is under way."""
        tasks = await self.session.tasks()
        if tasks:
            text = say("all runs were over, and a task still ran: {task}", task=tasks[0].name)
            raise Broken(Kind.LEAK, text, tasks[0].line)

    def must_have_seen(self, customer: Customer, steps: Sequence[str]) -> None:
        """This customer's checkout called exactly these steps, in this order."""
        if self.history.steps(customer.id) == list(steps):
            return
        text, place = facts.deviation(self.history, customer, steps)
        line = self.history.last_line(customer.id) or self.history.last_line()
        if place is not None:
            line = self.history.events[place].line
        raise Broken(Kind.BEHAVIOUR, text, line, self._focus(customer, at=place))

    def must_have_told_in_order(self, runs: Sequence[Run]) -> None:
        """Their callers heard in this order."""
        numbers = [run.operation.number for run in runs]
        told = [e for e in self.history if e.what == "told" and e.number in numbers]
        if [e.number for e in told] != numbers:
            places = ", ".join(str(numbers.index(e.number) + 1) for e in told)
            text = say(
                "of {count} callers who were due one after the other, these heard: {places}",
                count=len(runs),
                places=places or say("nobody"),
            )
            line = told[0].line if told else self.history.last_line()
            raise Broken(Kind.BEHAVIOUR, text, line, self._focus())

    def must_never_have_had_in_flight(self, customers: Sequence[Customer], *, most: int) -> None:
        """At no moment were more checkouts than this between their first call and their last answer."""
        count, event = facts.most_in_flight(self.history, customers)
        if count > most:
            text = say(
                "{count} checkouts were in flight at the same time; the limit is {most}",
                count=count,
                most=most,
            )
            raise Broken(Kind.BEHAVIOUR, text, event.line if event else None, self._focus())

    def must_have_dealt_with(
        self, runs: Iterable[Run], *, silence: type[BaseException] | None = None
    ) -> None:
        """Each checkout called the steps that its customer's troubles allow, and came to what is right then.

        Args:
            runs: Of `checkout`.
            silence: What it ends with where a service never answers; None if it never ends.
        """
        for run in runs:
            (customer,) = run.operation.customers
            fate = fate_of(customer, silence=silence)
            self.must_have_seen(customer, fate.steps)
            run.must_come_to(fate)

    def must_have_been_asked_by_all(
        self, customers: Sequence[Customer], step: str, why: str
    ) -> None:
        """Each of them has called this step, though nothing was answered that would let one wait for another."""
        asked = {call.user for call in self.history.calls() if call.subject == step}
        begun = sum(customer.id in asked for customer in customers)
        if begun < len(customers):
            text = say_count(
                "only {count} of {all} checkouts has called {step}, {why}",
                "only {count} of {all} checkouts have called {step}, {why}",
                begun,
                all=len(customers),
                step=step,
                why=say(why),
            )
            raise Broken(Kind.BEHAVIOUR, text, self.history.last_line(), self._focus())
