"""A stream of the submission as a check sees it: it is pulled item by item, and closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.judge.findings import Broken
from grader.judge.runs import Run
from grader.language import later, say
from grader.results import Kind
from shop import Payment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.judge.operations import Operation
    from grader.judge.session import Session
    from grader.world import Customer

IDS_FAILED = later("the ids ended with {error}, and {run} gave {got} instead of raising it")


class Stream:
    """Results of many checkouts, one after the other, as their caller asks for them.

    Attributes:
        customers: Whose ids its source gives.
    """

    def __init__(
        self, session: Session, opened: Operation, source: int, customers: Sequence[Customer]
    ) -> None:
        self._session = session
        self._opened = opened
        self._source = source
        self.customers = customers
        self._pulled: list[Run] = []
        self.closing: Run | None = None

    # ---- acts

    async def pull(self) -> Run:
        """Ask for the next result."""
        self._pulled.append(Run(self._session, await self._session.pull(self._opened)))
        return self._pulled[-1]

    async def next(self) -> Run:
        """Ask for the next result, and serve until it is there."""
        run = await self.pull()
        await self._session.drive(run.operation)
        return run

    async def aclose(self) -> Run:
        """Close it, and serve until it is closed."""
        self.closing = Run(self._session, await self._session.close_stream(self._opened))
        await self._session.drive(self.closing.operation)
        return self.closing

    # ---- what must have come of it

    async def must_give_each(self, customers: Sequence[Customer]) -> None:
        """It gives the outcomes of these customers, in this order, and is over."""
        runs = [await self.next() for _ in customers]
        for run, customer in zip(runs, customers, strict=True):
            run.must_be_the_outcome_of(customer)
        values = [self._session.value_of(run.operation) for run in runs]
        payments = [value.id for value in values if isinstance(value, Payment)]
        Run(self._session, self._opened).must_not_repeat(payments)
        (await self.next()).must_be_over()

    async def must_pass_on(self, kind: type[Exception]) -> None:
        """It raises what its ids ended with, after as many of their results as it likes."""
        run = await self.next()
        while run.gave_a_value and len(self._pulled) <= len(self.customers):
            run = await self.next()
        run.must_raise(kind, IDS_FAILED)

    def must_not_have_read_ahead(self, limit: int) -> None:
        """It has read so many ids at most of which it has not given the results."""
        read = self._session.world.read_from(self._source)
        given = sum(run.gave_a_value for run in self._pulled)
        if read > given + limit:
            text = say(
                "{read} ids were read and {given} results given; the limit is {limit} ahead",
                read=read,
                given=given,
                limit=limit,
            )
            raise Broken(Kind.BEHAVIOUR, text, self._session.history.last_line())

    def must_have_stopped(self) -> None:
        """Since it was closed, no id was read and no step begun; no call was open any more."""
        assert self.closing, "the check has not closed the stream"
        self.closing.must_give(None)
        self.closing.must_have_let_go()
        self.closing.must_go_on_no_more()
        since = self.closing.operation.ended_at or 0
        if late := self._session.history.calls(since=since):
            text = say(
                "the stream was closed, and afterwards {step} was called", step=late[0].subject
            )
            raise Broken(Kind.BEHAVIOUR, text, late[0].line)
