"""What a program on real sockets is lent: the other ends of connections, and sockets that listen."""

from __future__ import annotations

import itertools
import socket
import tempfile
from typing import TYPE_CHECKING

from grader.judge.sockets.wires import Port, Wire, fill, make_room
from grader.protocol.messages import Lend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.judge.session import Session

TOGETHER = 250
"""Descriptors that cross in one message, at most."""


class Lending:
    """The sockets that a program has of the judge's; the judge keeps their other ends."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._numbers = itertools.count(1)
        self._ends: list[Wire | Port] = []

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

    def number(self) -> int:
        """A number for something that is lent or given."""
        return next(self._numbers)

    async def _lend(self, numbers: Sequence[int], theirs: Sequence[socket.socket]) -> None:
        assert self.session.child
        side = self.session.child.side.socket
        try:
            socket.send_fds(side, [b"."], [sock.fileno() for sock in theirs])
        finally:
            for sock in theirs:
                sock.close()
        await self.session.deliver(Lend(tuple(numbers)))
