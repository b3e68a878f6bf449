"""A call that the judge makes of the program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.judge.runs import Run
from grader.language import say

if TYPE_CHECKING:
    from grader.judge.operations import Operation
    from grader.judge.sockets.awaiting import Awaiting


class Call(Run):
    """A call of the program that may block, in a thread of its own."""

    def __init__(self, program: Awaiting, operation: Operation) -> None:
        super().__init__(program.session, operation)
        self._program = program

    @property
    def value(self) -> Any:  # noqa: ANN401 - whatever the submission gave
        """What it gave; an exception as `Raised`."""
        return self._session.value_of(self.operation)

    async def end(self) -> Any:  # noqa: ANN401 - as above
        """Wait until it has returned; what it gave.

        Raises:
            Broken: It does not return, or it raised.
        """
        await self.return_()
        self.must_give_something()
        return self.value

    async def return_(self) -> None:
        """Wait until it has returned, or raised.

        Raises:
            Broken: It never does.
        """
        text = say("{run} does not return", run=self)
        await self._program.wait_until(lambda: self.done, text)
