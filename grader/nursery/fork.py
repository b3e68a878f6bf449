"""Children forked by a warm process: the fast way."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.errors import MachineError
from grader.language import say
from grader.nursery.child import Child
from grader.nursery.process import unnamed_file
from grader.protocol.sockets import wire_pair
from grader.protocol.wire import wire_on
from grader.walls import bwrap
from grader.walls.layers import NOTHING, Standing, standing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.nursery.warm import Warm

PATIENCE = 30.0
"""Seconds of real time within which the machine must give us a process."""
READY = 4
"""Children that are kept ready: as many as are judged at a time."""


class ForkNursery:
    """Asks the warm process for children; the next ones are forked while the present ones are judged."""

    def __init__(self, warm: Warm) -> None:
        self._warm = warm
        self.known = NOTHING
        self._reader = _Lines(warm.control)
        self._turn = asyncio.Lock()
        self._asked: deque[_Asked] = deque()
        self._ready: deque[_Asked] = deque()
        self._knows_trio = False
        while len(self._ready) < READY:  # they are forked before the first check is begun
            self._ready.append(self._ask())

    async def child(self, *, trio: bool = False, forks: bool = False) -> Child:
        """The child that is ready, and the next one is asked for; one that may fork is asked for now."""
        async with self._turn:
            if trio and not self._knows_trio:
                await self._learn_trio()
            return await self._told(self._ask(forks=True)) if forks else await self._next()

    async def _learn_trio(self) -> None:
        """Have trio imported, by the first who wants it, for all children to come."""
        self._knows_trio = True
        self._send({"trio": 1}, [])
        for _ in range(READY):
            await self.end(await self._next())  # these were forked before

    async def _next(self) -> Child:
        asked = self._ready.popleft()
        self._ready.append(self._ask())
        return await self._told(asked)

    async def _told(self, asked: _Asked) -> Child:
        """The child, as soon as its number is known; replies come in the order of asking."""
        while not asked.pid:
            reply = await self._reply("pid")
            self._asked.popleft().pid = reply["pid"]
        room = self._warm.ground.path / str(asked.pid)
        wires = wire_on(asked.wire), wire_on(asked.side)
        return Child(self._our(asked.pid), room, *wires, asked.log, asked.stacks)

    async def end(self, child: Child) -> None:
        """Have a child, and all that it left, killed; does not wait for it."""
        child.close()
        self._send({"end": int(child.scratch.name)}, [])

    def _our(self, pid: int) -> int:
        """A process id of the warm process's as one of ours: behind bwrap they differ."""
        if not self._warm.ground.front:
            return pid
        try:
            return bwrap.outer_pid(self._warm.process.pid, pid)
        except OSError as error:
            raise MachineError(
                say("a process behind bwrap cannot be found: {error}", error=error)
            ) from error

    async def standing(self) -> Standing:
        """The walls that hold round each child."""
        async with self._turn:
            if not self.known.held:
                await self._reply("walls")
        return self.known

    def close(self) -> None:
        """End the warm process; a child that nobody asked for ends with its wire."""
        for asked in self._ready:
            asked.wire.close()
            asked.side.close()
            os.close(asked.log)
            os.close(asked.stacks)
        self._warm.close(PATIENCE)

    def _ask(self, *, forks: bool = False) -> _Asked:
        (wire, their_wire), (side, their_side) = wire_pair(), wire_pair()
        log, stacks = unnamed_file(), unnamed_file()
        with their_wire, their_side:
            request = {"forks": 1} if forks else {}
            self._send(request, [their_wire.fileno(), their_side.fileno(), log, stacks])
        asked = _Asked(wire, side, log, stacks)
        self._asked.append(asked)
        return asked

    def _send(self, request: dict[str, int], descriptors: Iterable[int]) -> None:
        try:
            socket.send_fds(self._warm.control, [json.dumps(request).encode() + b"\n"], descriptors)
        except OSError as error:
            raise MachineError(say("the grader's warm process has ended; run it again")) from error

    async def _reply(self, wanted: str) -> dict[str, Any]:
        while True:
            reply = await self._reader.line()
            if "walls" in reply:
                self.known = standing(reply["walls"])
            if wanted in reply:
                return reply


@dataclass
class _Asked:
    """A child that was asked for, and our ends of its wires; its process id, as soon as that is known."""

    wire: socket.socket
    side: socket.socket
    log: int
    stacks: int
    pid: int = 0


class _Lines:
    """JSON lines from a socket, awaited."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._socket = sock
        self._buffer = b""

    async def line(self) -> dict[str, Any]:
        while b"\n" not in self._buffer:
            loop = asyncio.get_running_loop()
            try:
                async with asyncio.timeout(PATIENCE):
                    data = await loop.sock_recv(self._socket, 4096)
            except (TimeoutError, OSError) as error:
                raise MachineError(say("the machine gives the grader no process")) from error
            if not data:
                raise MachineError(say("the grader's warm process has ended; run it again"))
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        reply: dict[str, Any] = json.loads(line)
        return reply
