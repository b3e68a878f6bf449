"""A program on real sockets as a check sees it: what is lent to it, called of it, and counted of it."""

from __future__ import annotations

import itertools
import socket
import tempfile
import time
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar, cast

from grader.judge.findings import Broken, Undecided
from grader.judge.in_vain import check_budgets, gone
from grader.judge.kernel.accounts import Account, Sleep, accounts_of
from grader.judge.kernel.family import family_of
from grader.judge.sockets.calls import Asked, Call, Given, Told, listed
from grader.judge.sockets.waiting import Waiting, not_ready
from grader.judge.sockets.wires import Port, Wire, fill, make_room
from grader.language import say
from grader.protocol.deeds import Argument, Deed, Desk, Endpoint, Endpoints, Result, Until
from grader.protocol.messages import (
    AskLines,
    Did,
    Dismiss,
    Entered,
    Invoke,
    Lend,
    Lines,
    Reply,
    Reported,
)
from grader.protocol.values import Octets, Raised, Value
from grader.protocol.wire import WireClosed
from grader.results import Kind

if TYPE_CHECKING:
    import random
    from collections.abc import AsyncGenerator, Callable, Sequence

    from grader.judge.session import Session

SomeGiven = TypeVar("SomeGiven", bound=Given)
TOGETHER = 250
"""Descriptors that cross in one message, at most."""
LOOK = 0.001
"""Seconds of real time between two looks at a program of which there is no news."""
NAPS = 20
"""Times to wake up of a program that is left alone, after which it is said to wake up by itself."""
RESTLESS = 0.25
"""Seconds of computing in which a program with nothing to do has come to rest."""


class Program:
    """The submission, called in threads of its own."""

    def __init__(self, session: Session, draw: random.Random) -> None:
        assert session.child
        self.session = session
        self.draw = draw
        self._accounts = accounts_of(session.child.pid, session.kernel.guarantees)
        if session.processes:
            self._accounts = family_of(session.child.pid, self._accounts)
        self._numbers = itertools.count(1)
        self._ends: list[Wire | Port] = []
        self._calls: list[Call] = []
        self._given: dict[int, Given] = {}
        self._reported: dict[int, Given] = {}
        self._lines: tuple[int, ...] = ()
        self.told: list[Given] = []
        """Given callbacks, in the order in which they were called."""

    # ---- what it is lent

    async def wires(self, count: int, *, blocking: bool = True) -> list[Wire]:
        """Lend it the other ends of new connections.

        Args:
            count: How many.
            blocking: As `socket.setblocking` would have it in the program.
        """
        make_room()
        made: list[Wire] = []
        for at in range(0, count, TOGETHER):
            pairs = [socket.socketpair() for _ in range(min(TOGETHER, count - at))]
            numbers = [next(self._numbers) for _ in pairs]
            for _, theirs in pairs:
                theirs.setblocking(blocking)
            await self._lend(numbers, [theirs for _, theirs in pairs])
            nudge = self.session.link.nudge
            made += [Wire(o, n, nudge) for (o, _), n in zip(pairs, numbers, strict=True)]
        self._ends += made
        return made

    async def wire(self, *, blocking: bool = True) -> Wire:
        """Lend it the other end of one new connection."""
        return (await self.wires(1, blocking=blocking))[0]

    async def full_wire(self) -> Wire:
        """The same, where the program cannot write before the judge has read: `wire.drain()`."""
        ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        number, count = next(self._numbers), fill(theirs)
        await self._lend([number], [theirs])
        wire = Wire(ours, number, self.session.link.nudge, full_of=count)
        self._ends.append(wire)
        return wire

    async def listener(self, backlog: int = 128, *, blocking: bool = True) -> Port:
        """Lend it a socket that listens on loopback; the judge connects to it."""
        theirs = socket.create_server(("127.0.0.1", 0), backlog=backlog)
        theirs.setblocking(blocking)
        address, number = theirs.getsockname(), next(self._numbers)
        await self._lend([number], [theirs])
        port = Port(address, number, self.session.link.nudge)
        self._ends.append(port)
        return port

    async def local_listener(self, backlog: int = 128) -> Port:
        """The same between local sockets, whose wires know what the program has not read."""
        folder, number = tempfile.TemporaryDirectory(), self.number()
        path = f"{folder.name}/port"
        theirs = socket.socket(socket.AF_UNIX)
        theirs.bind(path)
        theirs.listen(backlog)
        await self._lend([number], [theirs])
        port = Port(path, number, self.session.link.nudge, folder)
        self._ends.append(port)
        return port

    async def _lend(self, numbers: Sequence[int], theirs: Sequence[socket.socket]) -> None:
        assert self.session.child
        side = self.session.child.side.socket
        try:
            socket.send_fds(side, [b"."], [sock.fileno() for sock in theirs])
        finally:
            for sock in theirs:
                sock.close()
        await self.session.deliver(Lend(tuple(numbers)))

    # ---- what it is given

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

    def deed(self, what: str, *arguments: Any, of: Call | Wire | None = None) -> Deed:  # noqa: ANN401 - see `_packed`
        """A call, to be made in a callback's plan: of a function of the program, or a method of what a call gave."""
        owner = None if of is None else self._owner(of)
        return Deed(what, tuple(map(self._packed, arguments)), owner)

    def asking(self, name: str) -> Asked:
        """A callable whose every call waits for `answer`, and gives that."""
        return self.adopt(Asked(self.number(), name))

    def adopt(self, given: SomeGiven) -> SomeGiven:
        """Hear of the calls of this one, too."""
        self._given[given.number] = given
        return given

    def number(self) -> int:
        """A number for something that is lent or given."""
        return next(self._numbers)

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

    # ---- waiting for it

    @staticmethod
    def now() -> float:
        """Real seconds, by the clock of `Told.at`."""
        return time.monotonic()

    async def wait_until(self, condition: Callable[[], object], text: str) -> None:
        """Let it run until something has happened.

        Args:
            condition: Looked at after each news.
            text: The finding, if it cannot happen any more.

        Raises:
            Broken: With why it cannot.
        """
        waiting = Waiting(self._accounts)
        while not condition():
            await self._news()
            if self._is_attended or not waiting.is_due():
                continue
            if (why := waiting.in_vain()) and not condition():
                raise Broken(Kind.STUCK, f"{text}; {self._returned() or why}", await self.line())

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

    async def must_compute(self, seconds: float) -> None:
        """It computes for so long from now on, by itself.

        Raises:
            Undecided: This system does not tell.
        """
        before = self.account()
        text = say("there was something to do, and it has not computed")
        await self.wait_until(lambda: self.account().since(before).computed >= seconds, text)

    async def rest(self) -> Sleep | None:
        """Wait until it sleeps, for want of anything to do; None where nobody can look.

        Raises:
            Broken: It goes on computing.
        """
        before = self._accounts.account()
        if before is None:
            return None
        while (sleep := self._accounts.sleep()) is None or self.session.link.pending():
            await self._news()
            computed = self.account().since(before).computed
            if computed > RESTLESS:
                text = say(
                    "there is nothing to do, and it goes on computing: {ms:.0f} ms so far",
                    ms=1000 * computed,
                )
                raise Broken(Kind.BLOCKING, text, await self.line())
        return sleep

    async def _news(self) -> None:
        """Hear what has come; if nothing has, wait for a moment."""
        try:
            if self.session.hear_all() or await self.session.link.news(LOOK):
                return
        except WireClosed:
            raise await gone(self.session) from None
        if not self._is_attended:
            await check_budgets(self.session)

    @property
    def _is_attended(self) -> bool:
        """Somebody holds it with a debugger, so that no waiting is in vain."""
        return self.session.child is not None and self.session.child.attended

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

    def must_have_called(self, *callbacks: Given) -> None:
        """It has called these callbacks in this order, and no others."""
        if self.told != list(callbacks):
            text = say(
                "the callbacks were called in the order {got}, not {wanted}",
                got=", ".join(map(repr, self.told)) or "-",
                wanted=", ".join(map(repr, callbacks)),
            )
            raise Broken(Kind.BEHAVIOUR, text, self.told[-1].line if self.told else None)

    async def must_sleep(self) -> None:
        """It comes to sleep in a selector until something is ready, and has not asked to be woken at any time.

        Raises:
            Broken: It does not, though it was left alone for some naps.
        """
        waiting, before = Waiting(self._accounts), self._accounts.account()
        while sleep := await self.rest():
            if sleep.selects and not sleep.timed:
                return
            naps = self.account().since(before).wakes if before else 0
            if naps > NAPS or waiting.is_unmoved():
                raise Broken(Kind.BEHAVIOUR, not_ready(sleep), await self.line())
            await self._news()

    # ---- what is counted of it

    def account(self) -> Account:
        """What its threads have computed, and how often they woke up, by the kernel's word.

        Raises:
            Undecided: This system does not tell.
        """
        account = self._accounts.account()
        if account is None:
            raise Undecided(say("this system does not count what another process's threads do"))
        return account

    def printed(self) -> str:
        """What it has printed so far."""
        return self.session.child.output() if self.session.child else ""

    async def line(self) -> int | None:
        """Where one of its threads stands inside the submission."""
        self._lines = ()
        await self.session.deliver(AskLines())
        return self._lines[0] if self._lines else None

    # ---- within

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
