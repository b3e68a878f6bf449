"""What a program is given to call, and what it has called of that."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from grader.judge.findings import Broken
from grader.judge.sockets.given import Asked, Given, Told, listed
from grader.judge.sockets.lending import Lending
from grader.language import say
from grader.protocol.deeds import Deed, Until
from grader.protocol.messages import AskLines, Did, Entered, Lines, Reply, Reported
from grader.protocol.values import Octets, Raised, Value
from grader.results import Kind

if TYPE_CHECKING:
    from grader.judge.session import Session

SomeGiven = TypeVar("SomeGiven", bound=Given)


class Giving(Lending):
    """The callables that a program has of the judge's, and what it says of them."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._given: dict[int, Given] = {}
        self._reported: dict[int, Given] = {}
        self._lines: tuple[int, ...] = ()
        self.told: list[Given] = []
        """Given callbacks, in the order in which they were called."""

    def callback(
        self,
        name: str,
        *plan: Deed,
        gives: Value = None,
        raises: bool = False,
        quiet: bool = False,
    ) -> Given:
        """A callback for the program to call; see `Callback`."""
        given = Given(next(self._numbers), name, plan, gives, raises, quiet)
        self._given[given.number] = given
        return given

    def asking(self, name: str) -> Asked:
        """A callable whose every call waits for `answer`, and gives that."""
        return self.adopt(Asked(self.number(), name))

    def adopt(self, given: SomeGiven) -> SomeGiven:
        """Hear of the calls of this one, too."""
        self._given[given.number] = given
        return given

    async def answer(self, told: Told, value: Value | bytes, times: int = 1) -> None:
        """What a call gives that waits for it; bytes so many times over."""
        packed = Octets(value) if isinstance(value, bytes) else value
        await self.session.deliver(Reply(told.call, packed, times))

    async def fail(self, told: Told) -> None:
        """Let a call that waits raise."""
        await self.session.deliver(Reply(told.call, Raised("CallersBug", "the handler raised")))

    @staticmethod
    def until(callback: Given, times: int = 1) -> Until:
        """A condition for the program to ask: true once the callback was called so often."""
        return Until(callback.number, times)

    def must_have_called(self, *callbacks: Given) -> None:
        """It has called these callbacks in this order, and no others."""
        if self.told != list(callbacks):
            text = say(
                "the callbacks were called in the order {got}, not {wanted}",
                got=", ".join(map(repr, self.told)) or "-",
                wanted=", ".join(map(repr, callbacks)),
            )
            raise Broken(Kind.BEHAVIOUR, text, self.told[-1].line if self.told else None)

    async def line(self) -> int | None:
        """Where one of its threads stands inside the submission."""
        self._lines = ()
        await self.session.deliver(AskLines())
        return self._lines[0] if self._lines else None

    # ---- hearing

    def hear(self, message: Entered | Reported | Did | Lines) -> None:
        """Take in what only such programs say."""
        match message:
            case Entered(operation):
                self.session.note(
                    "started", self.session.operations[operation].what, number=operation
                )
            case Reported(call, callback):
                self._heard(self._given[callback], message)
                self._reported[call] = self._given[callback]
            case Did(call, values):
                self._reported[call].values.append(listed(values))
            case Lines(lines):
                self._lines = lines

    def _heard(self, given: Given, message: Reported) -> None:
        arguments, now = tuple(listed(message.arguments)), time.monotonic()
        told = Told(len(self.told), now, arguments, message.thread, message.line, message.call)
        given.hear(told)
        self.told.append(given)
