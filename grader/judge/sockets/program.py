"""A program on real sockets as a check sees it: what is called of it, and what must come of that."""

from __future__ import annotations

from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, cast

from grader.judge.findings import Broken
from grader.judge.sockets.awaiting import Awaiting
from grader.judge.sockets.calls import Call
from grader.judge.sockets.given import Given
from grader.judge.sockets.wires import Port, Wire
from grader.language import say
from grader.protocol.deeds import Argument, Deed, Desk, Endpoint, Endpoints, Result
from grader.protocol.messages import Dismiss, Invoke
from grader.protocol.values import Octets
from grader.results import Kind

if TYPE_CHECKING:
    import random
    from collections.abc import AsyncGenerator

    from grader.judge.session import Session


class Program(Awaiting):
    """The submission, called in threads of its own."""

    def __init__(self, session: Session, draw: random.Random) -> None:
        super().__init__(session)
        self.draw = draw
        self._calls: list[Call] = []

    # ---- what is called of it

    async def begin(
        self,
        what: str,
        *arguments: Any,  # noqa: ANN401 - see `_packed`
        of: Call | Wire | None = None,
        thread: int = 1,
    ) -> Call:
        """Have one of its threads make a call; calls of one thread are made one after the other."""
        operation = self.session.operation(what)
        call = Call(self, operation)
        self._calls.append(call)
        deed = self.deed(what, *arguments, of=of)
        self.session.runs_free = True
        await self.session.deliver(Invoke(operation.number, thread, deed))
        return call

    async def call(
        self,
        what: str,
        *arguments: Any,  # noqa: ANN401 - as above
        of: Call | Wire | None = None,
        thread: int = 1,
    ) -> Call:
        """The same, and wait until it has returned."""
        call = await self.begin(what, *arguments, of=of, thread=thread)
        await call.end()
        return call

    def deed(self, what: str, *arguments: Any, of: Call | Wire | None = None) -> Deed:  # noqa: ANN401 - see `_packed`
        """A call, to be made in a callback's plan: of a function of the program, or a method of what a call gave."""
        owner = None if of is None else self._owner(of)
        return Deed(what, tuple(map(self._packed, arguments)), owner)

    # ---- what must have come of it

    def must(self, holds: object, text: str) -> None:
        """A fact of the check's own; `text` is the finding where it does not hold."""
        if not holds:
            line = self.told[-1].line if self.told else None
            raise Broken(Kind.BEHAVIOUR, text, line)

    async def must_read(self, wire: Wire) -> None:
        """It reads all that was sent here, whatever else it waits for."""
        text = say("what was sent on {wire} is not read", wire=wire)
        await self.wait_until(lambda: wire.flush() and not wire.unread(), text)

    async def must_send(self, wire: Wire, data: bytes) -> None:
        """It sends this, after all that was looked at before."""
        text = say("{wire} is not sent what it should be", wire=wire)
        await self.wait_until(
            lambda: wire.flush() and (wire.is_ended or len(wire.received) >= len(data)), text
        )
        got = bytes(wire.received[: len(data)])
        del wire.received[: len(data)]
        if got != data:
            text = say("{wire} was sent {got}, not {wanted}", wire=wire, got=got, wanted=data)
            raise Broken(Kind.BEHAVIOUR, text[:400], await self.line())

    async def must_close(self, wire: Wire) -> None:
        """It closes its end."""
        await self.wait_until(lambda: wire.is_ended, say("{wire} is not closed", wire=wire))

    async def must_call(self, callback: Given, times: int = 1) -> None:
        """It calls this callback so often in all."""
        text = say("{callback} is not called", callback=callback)
        await self.wait_until(lambda: len(callback.calls) >= times, text)

    def printed(self) -> str:
        """What it has printed so far."""
        return self.session.child.output() if self.session.child else ""

    # ---- within

    def _returned(self) -> str | None:
        """What is to be said if all its calls have returned already.

        Raises:
            Broken: One has raised.
        """
        for call in self._calls:
            if call.done:
                call.must_give_something()
        done = bool(self._calls) and all(call.done for call in self._calls)
        return say("{run} has returned already", run=self._calls[-1]) if done else None

    @staticmethod
    def _owner(thing: Call | Wire) -> Endpoint | Result:
        if isinstance(thing, Wire):
            return Endpoint(thing.number)
        return Result(thing.operation.number)

    def _packed(self, value: Any) -> Argument:  # noqa: ANN401, PLR0911 - one return for each kind; wires, callbacks, what calls gave, plain values
        match value:
            case Wire() | Port():
                return Endpoint(value.number)
            case list():
                wires = cast("list[Wire]", value)
                return Endpoints(tuple(wire.number for wire in wires))
            case Given():
                return value.packed()
            case Desk():
                return value
            case Call():
                return Result(value.operation.number)
            case bytes():
                return Octets(value)
            case _:
                return value  # type: ignore[no-any-return]  # a plain value, by the check's author

    async def close(self, *, broken: bool) -> None:
        """Let go of all sockets, and let its threads end.

        Raises:
            Broken: A call has not returned, and nothing else is wrong.
        """
        try:
            if not broken:
                await self._must_have_returned()
            await self.session.deliver(Dismiss())
            self.session.runs_free = broken  # whoever is broken is not waited for
        finally:
            for end in self._ends:
                end.close()
            self._accounts.close()

    async def _must_have_returned(self) -> None:
        for call in self._calls:
            await call.return_()


@asynccontextmanager
async def open_program(session: Session, draw: random.Random) -> AsyncGenerator[Program]:
    """What a check does with a program, between its import and its last word."""
    program = Program(session, draw)
    session.hear_program = program.hear
    try:
        yield program
    except BaseException:
        with suppress(Broken):  # the first finding stands
            await program.close(broken=True)
        raise
    await program.close(broken=False)
