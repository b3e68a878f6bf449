"""One operation as a check sees it: what must have come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.judge import facts
from grader.judge.runs.endings import Endings
from grader.judge.runs.payments import NOT, Payments
from grader.judge.runs.telling import Telling
from grader.language import later, say
from grader.protocol.values import Raised

if TYPE_CHECKING:
    from grader.world import Customer
    from grader.world.troubles import Fate

BUG = later(
    "a service failed with {error}, which is a bug, and {run} gave {got} instead of raising it"
)


class Run(Payments, Endings, Telling):
    """A call of the submission, from its start to what its caller got.

    The `must_…` methods raise `Broken` with a fact out of the history.
    """

    async def cancel(self, *, scope: bool = False) -> None:
        """Cancel it: natively, or by an anyio scope, which cancels again and again."""
        await self._session.cancel(self.operation, scope=scope)

    def must_give(self, wanted: object) -> None:
        """It gave this value, and nothing else."""
        got = self._outcome()
        if got != wanted:
            text = say(NOT, run=self, got=facts.value(got), wanted=facts.value(wanted))
            raise self._broken(text)

    def must_give_something(self) -> None:
        """It ended with a value, and not with an error."""
        if not self.gave_a_value:
            got = facts.value(self._outcome(raised=True))
            raise self._broken(say("{run} raised {got}", run=self, got=got))

    def must_fail_with(self, kind: type[BaseException], customer: Customer | None = None) -> None:
        """Its caller got this error, and nothing else."""
        customer = customer or self.operation.customers[0]
        got = self._outcome()
        if not (isinstance(got, Raised) and got.is_a(kind.__name__)):
            cause = facts.cause(self._session.history, customer)
            text = say(
                "{cause}, and {run} gave {got}, not {wanted}",
                cause=cause,
                run=self,
                got=facts.value(got),
                wanted=kind.__name__,
            )
            raise self._broken(text, customer)
        if not self.operation.told and self.operation.ends[0].how == "value":
            text = say(
                "{run} gave {got} as its result; it has to fail with it",
                run=self,
                got=facts.value(got),
            )
            raise self._broken(text, customer)

    def must_raise(self, kind: type[Exception], fact: str = BUG) -> None:
        """It raised this exception, bare or in a group.

        Args:
            kind: Its class.
            fact: What is said if it did not; with {error}, {run} and {got}.
        """
        got = self._outcome(raised=True)
        if self.gave_a_value or not (isinstance(got, Raised) and got.contains(kind.__name__)):
            raise self._broken(say(fact, error=kind.__name__, run=self, got=facts.value(got)))

    def must_come_to(self, fate: Fate) -> None:
        """It ended so; or it waits for a service that is silent."""
        (customer,) = self.operation.customers
        if fate.error is not None:
            self.must_fail_with(fate.error)
        elif fate.ends:
            self.must_pay()
        elif self.done:
            text = say(
                "{cause}, and {run} gave {got}",
                cause=facts.cause(self._session.history, customer),
                run=self,
                got=facts.value(self._outcome()),
            )
            raise self._broken(text, customer)
