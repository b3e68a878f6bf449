"""The callables that a program is given, and what is told of their calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from grader.judge.findings import Broken
from grader.language import say
from grader.protocol.deeds import Asking, Callback
from grader.protocol.values import unpack
from grader.results import Kind

if TYPE_CHECKING:
    from grader.protocol.deeds import Argument, Deed
    from grader.protocol.values import Value


@dataclass(frozen=True)
class Told:
    """One call of a given callback.

    Attributes:
        place: How many calls of given callbacks came before it.
        at: Real seconds of the judge's clock when it heard of it: not before it was made.
        thread: By the child's word; only to be compared with others.
        call: What an answer names, where one is waited for.
    """

    place: int
    at: float
    arguments: tuple[Any, ...]
    thread: int
    line: int | None
    call: int = 0


@dataclass(eq=False)
class Given:
    """A callback that is given to the program, and what it has told.

    Attributes:
        values: By call, what the acts of its plan gave.
    """

    number: int
    name: str
    plan: tuple[Deed, ...] = ()
    gives: Value = None
    raises: bool = False
    quiet: bool = False
    calls: list[Told] = field(default_factory=list[Told])
    values: list[list[Any]] = field(default_factory=list[list[Any]])

    def __repr__(self) -> str:
        return self.name

    def packed(self) -> Argument:
        """As it crosses."""
        return Callback(self.number, self.plan, self.gives, self.raises, self.quiet)

    def hear(self, told: Told) -> None:
        """Keep a call.

        Raises:
            ValueError: No call of this can be told so.
        """
        self.calls.append(told)

    @property
    def line(self) -> int | None:
        """From where it was last called."""
        return self.calls[-1].line if self.calls else None

    def must_have_been_called(self, times: int = 1) -> None:
        """So often, and no more."""
        if len(self.calls) != times:
            text = say(
                "{callback} was called {count} times, not {times}",
                callback=self,
                count=len(self.calls),
                times=times,
            )
            raise Broken(Kind.BEHAVIOUR, text, self.line)


def listed(value: Value) -> list[Any]:
    """What our own half of a child always sends as a list; of a child that does not, nothing is believed."""
    items: list[Any] = unpack(value)
    if type(items) is not list:
        raise ValueError("a list was due")
    return items


class Asked(Given):
    """A callable whose every call waits for the judge's answer."""

    def packed(self) -> Argument:
        """As it crosses."""
        return Asking(self.number)
