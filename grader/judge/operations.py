"""What the judge has under way in the child: operations that it began, calls that it owes an answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.protocol.messages import Answer, CalledBack, Ended, Started
    from grader.world import Customer


@dataclass(eq=False)
class Operation:
    """One call of the submission by the judge, and all that came of it.

    Attributes:
        began: Length of the history when it began.
        ended_at: Length of the history when it ended; None before.
        cancelled_at: Length of the history when it was cancelled; None if it was not.
        open_at_end: Calls to services that were still open when it ended.
    """

    number: int
    what: str
    customers: tuple[Customer, ...]
    batch: bool
    began: int
    started: Started | None = None
    ends: list[Ended] = field(default_factory=list)
    told: list[CalledBack] = field(default_factory=list)
    ended_at: int | None = None
    cancelled_at: int | None = None
    open_at_end: tuple[Request, ...] = ()

    @property
    def done(self) -> bool:
        """Whether it has ended, or told its caller."""
        return bool(self.ends or self.told)


@dataclass(eq=False)
class Request:
    """A call to a service.

    Attributes:
        customer: Whose call it is; None if the argument made no sense.
        thread: Native id of the calling thread.
        blocks: The caller is blocked until it is answered, and does not need the loop for that.
    """

    number: int
    step: str
    argument: Any
    customer: Customer | None
    request_id: str
    thread: int
    line: int | None
    blocks: bool
    open: bool = True


@dataclass(eq=False)
class Pending:
    """An answer on its way: due at `when` virtual seconds; `serial` breaks ties."""

    when: float
    serial: int
    request: Request
    answer: Answer
