"""A server of the program's under way: the judge is all of its clients, and the card network that its handler asks."""

from __future__ import annotations

import itertools
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple

from grader.judge.findings import Broken
from grader.judge.kernel.family import ZOMBIE, Member, members, sleeps
from grader.language import later, say
from grader.protocol.deeds import Desk, receipt
from grader.results import Kind

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from grader.judge.sockets.calls import Call
    from grader.judge.sockets.program import Program
    from grader.judge.sockets.wires import Port, Wire

TOGETHER = 20
"""Clients that are connected at the same time, where many are served."""
MEASURED = 0.2
"""Seconds of computing over which it is seen how many compute at the same time."""
TURNS = 25
"""Sleeps meanwhile: a turn lasts 5 ms, so there are many more where threads take turns."""
CHANCE = 0.3
"""Seconds of computing in which a server that can begin a second request does so."""
MEANWHILE = 0.3
"""Seconds of computing in which a server that can answer beside a request mostly does so: some 60 turns of a thread."""
LEFT_PROCESSES = later("it has returned, and {count} of its processes are still there")
LEFT_THREADS = later("it has returned, and {count} of its threads are still there")


class Needs(NamedTuple):
    """What a server consists of."""

    processes: int
    threads: int

    @property
    def all(self) -> int:
        """Whatever the kernel has to keep and to switch between."""
        return self.processes + self.threads


class Client:
    """A client, who knows what he is owed."""

    def __init__(self, server: Server, wire: Wire) -> None:
        self._server = server
        self.wire = wire
        self.owed = b""

    def request(self) -> bytes:
        """The line of a request that is paid at once; he is owed its receipt."""
        token = self._server.token()
        self.owed += b"paid " + self._server.receipt(token) + b"\n"
        return b"pay " + token + b"\n"

    def failing(self, error: str) -> bytes:
        """The line of a request whose handler raises this."""
        self.owed += f"error {error}\n".encode()
        return f"fail {error}\n".encode()

    async def must_get_an_answer(self) -> None:
        """He asks, and is answered."""
        self.wire.put(self.request())
        await self.must_be_answered()

    async def must_be_answered(self) -> None:
        """All that he is owed comes, and nothing else before it."""
        owed, self.owed = self.owed, b""
        await self._server.program.must_send(self.wire, owed)

    async def must_be_let_go(self) -> None:
        """The server closes the connection, and has nothing to add."""
        await self._server.program.must_close(self.wire)
        if self.wire.received:
            text = say(
                "{wire} was sent {got} that nobody asked for",
                wire=self.wire,
                got=bytes(self.wire.received),
            )
            raise Broken(Kind.BEHAVIOUR, text[:400])


class Held:
    """A request that waits for the card network, which is the judge."""

    def __init__(self, client: Client, gate: Wire, token: bytes) -> None:
        self.client = client
        self._gate = gate
        self.token = token

    @property
    def has_begun(self) -> bool:
        """Whether the handler has come so far."""
        return self._gate.received.endswith(self.token)

    def let_go(self, receipt: bytes) -> None:
        """The card network answers."""
        self._gate.received.clear()
        self._gate.put(receipt)


class Server:
    """One call of `serve_…`."""

    def __init__(
        self, program: Program, name: str, ends: tuple[Port, Wire], gates: list[Wire], key: bytes
    ) -> None:
        self._port, self._stop = ends
        self.program = program
        self.name = name
        self._gates = gates
        self._key = key
        self._before = program.session.kernel.thread_ids()
        self._serial = itertools.count()
        self._strangers: list[Client] = []
        self.call: Call

    # ---- clients

    def client(self) -> Client:
        """Somebody connects."""
        return Client(self, self._port.connect())

    def token(self) -> bytes:
        """What nobody else asks for."""
        return self.program.draw.randbytes(8).hex().encode()

    def receipt(self, token: bytes) -> bytes:
        """What the handler gives for it."""
        return receipt(self._key, token)

    async def must_serve(self, clients: int) -> None:
        """Clients come and go, some at a time, each with a few requests, and are answered right."""
        draw = self.program.draw
        while clients > 0:
            group = [self.client() for _ in range(min(TOGETHER, clients))]
            clients -= len(group)
            for client in draw.sample(group, len(group)):
                for _ in range(draw.randint(1, 3)):
                    await client.must_get_an_answer()
                client.wire.end()
            for client in group:
                await client.must_be_let_go()

    def hold(self, count: int, what: str = "hold") -> list[Held]:
        """As many clients come, and each request waits at a gate of its own, or computes there."""
        return [self._hold(what) for _ in range(count)]

    def _hold(self, what: str) -> Held:
        number = next(self._serial) % len(self._gates)
        client, token = self.client(), self.token()
        client.wire.put(b"%b %d %b\n" % (what.encode(), number, token))
        return Held(client, self._gates[number], token)

    async def must_have_begun(self, held: Sequence[Held], *, least: int = 0) -> None:
        """The handlers of these requests have begun, or of so many of them."""
        wanted = least or len(held)
        text = say(
            "{count} clients ask at the same time, and not even {wanted} of their requests begin",
            count=len(held),
            wanted=wanted,
        )
        begun = lambda: sum(each.has_begun for each in held) >= wanted  # noqa: E731 - a condition
        await self.program.wait_until(begun, text)

    async def may_begin(self, held: Sequence[Held]) -> None:
        """The handlers of these requests begin, or others compute so long that they had their chance."""
        before = self.program.account()

        def over() -> bool:
            spent = self.program.account().since(before).computed
            return all(each.has_begun for each in held) or spent > CHANCE

        await self.program.wait_until(over, say("a request was to compute, and has not"))

    async def must_finish(self, *held: Held) -> None:
        """The card network answers, and so does the server."""
        for each in held:
            answer = self.token()
            each.let_go(answer)
            each.client.owed += b"paid " + answer + b"\n"
        for each in held:
            await each.client.must_be_answered()

    async def must_finish_computing(self, *held: Held) -> None:
        """Something is on the gates, so the requests compute no longer."""
        for each in held:
            each.client.owed += b"paid " + self.receipt(each.token) + b"\n"
            each.let_go(b".")
        for each in held:
            await each.client.must_be_answered()

    # ---- the end

    def tell_to_stop(self) -> None:
        """Now the last socket can be read."""
        self._stop.put(b".")

    async def must_have_stopped(self) -> None:
        """It returns, and neither a thread nor a process of it is left, be it one that has ended already."""
        await self.call.end()
        await self._must_leave(lambda: self.needs().processes, LEFT_PROCESSES)
        await self._must_leave(lambda: self.needs().threads, LEFT_THREADS)

    async def _must_leave(self, count: Callable[[], int], text: str) -> None:
        """What has ended a moment ago may still be there for a moment."""
        try:
            await self.program.wait_until(lambda: count() <= 0, text)
        except Broken as broken:
            raise Broken(Kind.LEAK, say(text, count=count()), broken.finding.line) from broken

    # ---- what the kernel knows of it

    def needs(self) -> Needs:
        """How many processes and threads it has beside those that were there before it.

        Raises:
            Undecided: This system does not tell.
        """
        self.program.account()
        threads = self.program.session.kernel.thread_ids() - self._before
        return Needs(len(self._members()), len(threads))

    def zombies(self) -> int:
        """Processes that have ended, and that it has not asked how."""
        return sum(member.state == ZOMBIE for member in self._members())

    async def answers_meanwhile(self) -> bool:
        """Whether a client is answered while a request computes, which has all the time that this needs."""
        client, computed = self.client(), self.program.account().computed
        client.wire.put(client.request())
        self._strangers.append(client)

        def over() -> bool:
            passed = self.program.account().computed - computed
            return len(client.wire.received) >= len(client.owed) or passed > MEANWHILE

        await self.program.wait_until(over, say("a request was to compute, and has not"))
        return len(client.wire.received) >= len(client.owed)

    async def must_answer_in_the_end(self) -> None:
        """Whoever was not answered meanwhile is answered afterwards."""
        while self._strangers:
            await self._strangers.pop().must_be_answered()

    def _members(self) -> list[Member]:
        return members(self.pid)

    async def parallel(self, held: Sequence[Held]) -> int:
        """How many of these requests compute at the same time, as far as the program goes.

        Threads that share the interpreter's lock take turns, and whoever has to wait for his turn sleeps; to wait for a
        processor is no sleep. So a busy machine changes nothing.

        Raises:
            Undecided: As above.
        """
        await self.may_begin(held)
        begun = sum(each.has_begun for each in held)
        before = sleeps(self.pid)
        await self.program.must_compute(MEASURED)
        after = sleeps(self.pid)
        meanwhile = sum(after.get(each, count) - count for each, count in before.items())
        return 1 if meanwhile > TURNS else begun

    @property
    def pid(self) -> int:
        """Of the process in which it was called."""
        assert self.program.session.child
        return self.program.session.child.pid


@asynccontextmanager
async def serving(program: Program, name: str, *, gates: int = 1) -> AsyncGenerator[Server]:
    """A server from its call to its end; whatever is found says which one it is.

    Args:
        program: Whose function it is.
        name: Of the function.
        gates: Requests that can wait at the same time.
    """
    ends = await program.wires(gates)
    key = program.draw.randbytes(16)
    port, stop = await program.listener(blocking=False), await program.wire()
    await program.call("fileno", of=stop)  # the thread in which it is called is not of its making
    server = Server(program, name, (port, stop), ends, key)
    given = Desk(key, tuple(end.number for end in ends))
    try:
        server.call = await program.begin(name, port, given, stop)
        yield server
        if not server.call.done:
            server.tell_to_stop()
            await server.call.end()
    except Broken as broken:
        found = broken.finding
        text = say("{server}: {text}", server=name, text=found.message)
        raise Broken(found.kind, text, found.line, broken.focus) from broken
