"""A server of the submission's: the judge is its clients, and its handler."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.judge.findings import Broken
from grader.judge.sockets.given import Given
from grader.language import say
from grader.protocol.deeds import Watched
from grader.results import Kind

if TYPE_CHECKING:
    from grader.judge.sockets.calls import Call
    from grader.judge.sockets.given import Told
    from grader.judge.sockets.program import Program
    from grader.judge.sockets.wires import Port, Wire
    from grader.protocol.deeds import Argument

LENGTH = 20
"""Hexadecimal digits of a request or a reply that the judge draws."""


@dataclass(eq=False, repr=False)
class Touches(Given):
    """The listening socket, which tells what threads use it and what it accepts."""

    port: Port | None = None

    def packed(self) -> Argument:
        """As it crosses."""
        assert self.port
        return Watched(self.port.number, self.number)

    def hear(self, told: Told) -> None:
        """Keep what a thread has done first."""
        (_,) = told.arguments
        super().hear(told)


class Serving:
    """A reactor that serves a listening socket; its handler waits for the judge.

    Attributes:
        handler: Its calls, each with the request.
        touches: The first use of a socket by each thread.
        stopped: Whether it was told to stop.
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self.handler = program.asking("handler")
        self.touches = program.adopt(Touches(program.number(), "socket"))
        self.stopped = False
        self._answered: set[int] = set()
        self._reactor: Call
        self._serving: Call
        self._port: Port

    async def open(self, workers: int, *, local: bool) -> None:
        """Have it serve; `local` sockets tell what is unread, others are TCP."""
        program = self._program
        self._port = await (program.local_listener() if local else program.listener())
        self.touches.port = self._port
        self._reactor = await program.call("Reactor", self.handler, workers)
        self._serving = await program.begin("serve", self.touches, of=self._reactor)

    # ---- acts

    def connect(self) -> Wire:
        """A client.

        Raises:
            Broken: Nobody listens any more.
        """
        try:
            return self._port.connect()
        except OSError:
            if self._serving.done:
                self._serving.must_give_something()
            text = say("the listening socket was closed, which belongs to whoever made it")
            raise Broken(Kind.BEHAVIOUR, text, self.touches.line) from None

    def draw(self) -> bytes:
        """A request, or a reply, that nobody can guess."""
        return self._program.draw.randbytes(LENGTH // 2).hex().encode()

    def ask(self, wire: Wire) -> bytes:
        """Send a request; what it says."""
        request = self.draw()
        wire.put(request + b"\n")
        return request

    async def answer(self, told: Told, *, times: int = 1) -> bytes:
        """Let the handler return a reply, so many times as long as another."""
        self._answered.add(told.call)
        reply = self.draw()
        await self._program.answer(told, reply, times)
        return reply * times

    async def fail(self, told: Told) -> None:
        """Let the handler raise."""
        self._answered.add(told.call)
        await self._program.fail(told)

    async def begin_to_stop(self) -> None:
        """Call `stop`, from another thread than that of `serve`."""
        self.stopped = True
        await self._program.call("stop", of=self._reactor, thread=2)

    async def end(self) -> None:
        """Have it stop if it was not told to, and wake it up by one more client."""
        if not self.stopped:
            await self.begin_to_stop()
            with suppress(OSError):  # it may have stopped by itself meanwhile
                self._port.connect().end()
        await self.must_return()

    async def must_return(self) -> None:
        """It stops when all that it asks is answered.

        Raises:
            Broken: It does not.
        """
        text = say("{run} does not return after {stop}", run=self._serving, stop="stop()")
        while not self._serving.done:
            for told in self.asked():
                await self.answer(told)
            await self._program.wait_until(lambda: self._serving.done or self.asked(), text)
        self._serving.must_give_something()

    # ---- what must come of it

    def asked(self) -> list[Told]:
        """Calls of the handler that wait."""
        return [told for told in self.handler.calls if told.call not in self._answered]

    async def must_handle(self, request: bytes) -> Told:
        """The handler is called with this request, and waits."""
        text = say("the handler is not called with what a client has sent")
        await self._program.wait_until(lambda: self._calls_with(request), text)
        return self._calls_with(request)[0]

    def _calls_with(self, request: bytes) -> list[Told]:
        return [told for told in self.asked() if _request(told) == request]

    async def must_hear(self, wire: Wire, reply: bytes) -> None:
        """The client is sent this reply next."""
        await self._program.must_send(wire, reply + b"\n")

    async def must_serve(self, wire: Wire) -> None:
        """A request is handled and answered, whatever else waits."""
        told = await self.must_handle(self.ask(wire))
        await self.must_hear(wire, await self.answer(told))

    async def must_close(self, wire: Wire) -> None:
        """It closes its end of this connection."""
        await self._program.must_close(wire)

    async def must_still_serve(self) -> None:
        """It has come to rest, and `serve` has not returned."""
        await self._program.rest()
        if self._serving.done:
            text = say("{run} has returned while a request was being handled", run=self._serving)
            raise Broken(Kind.BEHAVIOUR, text)

    def must_not_have_handled(self, request: bytes) -> None:
        """The handler was never called with this request, which came too late."""
        if late := [told for told in self.handler.calls if _request(told) == request]:
            text = say("a request that came after {stop} was handled", stop="stop()")
            raise Broken(Kind.BEHAVIOUR, text, late[0].line)

    async def must_have_left_unread(self, wires: list[Wire], most: int) -> None:
        """It has come to rest, and of these it has read so many at most."""
        await self._program.rest()
        read = sum(not wire.unread() for wire in wires)
        if read > most:
            text = say(
                "in all it has read {read} requests that are not answered; {most} are allowed",
                read=read,
                most=most,
            )
            raise Broken(Kind.BEHAVIOUR, text, self.touches.line)

    async def must_answer_in_order(self, wire: Wire, *requests: bytes) -> None:
        """The client hears the replies in the order of his requests, though the latest handler returns first."""
        replies: dict[bytes, bytes] = {}
        text = say("the handler is not called with what a client has sent")
        while len(replies) < len(requests):
            await self._program.wait_until(self.asked, text)
            await self._program.rest()
            told = self.asked()[-1]
            request = _request(told)
            if request not in requests:
                raise Broken(Kind.BEHAVIOUR, text, told.line)
            replies[request] = await self.answer(told)
        for request in requests:
            await self.must_hear(wire, replies[request])

    async def must_serve_in_any_order(self, clients: dict[bytes, Wire]) -> None:
        """Each request that was sent is handled and answered, if it has not been already.

        Args:
            clients: By request.
        """
        served = {_request(told) for told in self.handler.calls if told.call in self._answered}
        left = {request: wire for request, wire in clients.items() if request not in served}
        while left:
            text = say("the handler is not called with what a client has sent")
            await self._program.wait_until(self.asked, text)
            told = self.asked()[0]
            wire = left.pop(_request(told), None)
            reply = await self.answer(told)
            if wire is None:
                raise Broken(Kind.BEHAVIOUR, text, told.line)
            await self.must_hear(wire, reply)

    async def must_handle_at_most(self, most: int) -> None:
        """It has come to rest, and no more handlers than that run at the same time."""
        await self._program.rest()
        if len(self.asked()) > most:
            text = say(
                "{count} handlers run at the same time, for {most} workers",
                count=len(self.asked()),
                most=most,
            )
            raise Broken(Kind.BEHAVIOUR, text, self.handler.line)

    def must_keep_sockets_to_one_thread(self) -> None:
        """The thread that accepts is the one that reads and writes, and no handler runs there."""
        threads = {told.thread for told in self.touches.calls}
        if len(threads) > 1:
            told = self.touches.calls[-1]
            text = say(
                "{count} threads use the sockets; the last of them calls {act}",
                count=len(threads),
                act=told.arguments[0],
            )
            raise Broken(Kind.BEHAVIOUR, text, told.line)
        if shared := [told for told in self.handler.calls if told.thread in threads]:
            text = say("a handler is called in the thread that has the sockets")
            raise Broken(Kind.BEHAVIOUR, text, shared[0].line)

    async def must_rest(self) -> None:
        """It sleeps in a selector, without asking for a time."""
        await self._program.must_sleep()


def _request(told: Told) -> bytes:
    """With what the handler was called; nothing, if that is no request."""
    (request,) = told.arguments if len(told.arguments) == 1 else (b"",)
    return request if isinstance(request, bytes) else b""
