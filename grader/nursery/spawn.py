"""A fresh interpreter for each child: for systems without fork."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

from grader.nursery.child import Child
from grader.nursery.fork import ForkNursery
from grader.nursery.ground import Ground
from grader.nursery.process import start, unnamed_file
from grader.nursery.warm import start_warm
from grader.protocol.sockets import wire_pair
from grader.protocol.wire import wire_on
from grader.walls import scratch
from grader.walls.layers import NOTHING, Standing

if TYPE_CHECKING:
    import subprocess

    from grader.walls.layers import Wall


class SpawnNursery:
    """A fresh interpreter for each child, for systems without fork."""

    def __init__(self, wanted: frozenset[Wall], hidden: tuple[str, ...] = ()) -> None:
        self.known = NOTHING
        self._ground = Ground(wanted, hidden)
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    async def child(self, *, trio: bool = False, forks: bool = False) -> Child:
        """Start one; takes some 100 ms."""
        await self.standing()
        (wire, their_wire), (side, their_side) = wire_pair(), wire_pair()
        log, stacks = unnamed_file(), unnamed_file()
        inherited = [their_side.fileno(), log, stacks]
        with their_wire, their_side:
            arguments = ["--once", *map(str, inherited), str(int(trio)), str(int(forks))]
            process = start(their_wire, self._ground, arguments, inherited)
        self._processes[process.pid] = process
        room = self._ground.path / str(process.pid)
        scratch.make(str(room))
        return Child(process.pid, room, wire_on(wire), wire_on(side), log, stacks)

    async def end(self, child: Child) -> None:
        """Kill it and wait for it."""
        child.close()
        process = self._processes.pop(child.pid)
        process.kill()
        with suppress(ProcessLookupError, PermissionError):  # what it has forked is in its group
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        scratch.clear(str(child.scratch))

    async def standing(self) -> Standing:
        """The walls that hold round each child: those that hold round a forked one."""
        if not self.known.held:
            trial = ForkNursery(start_warm(self._ground.plan.wanted))
            try:
                self.known = await trial.standing()
            finally:
                trial.close()
        return self.known

    def close(self) -> None:
        """End what is left."""
        for process in self._processes.values():
            process.kill()
            process.wait()
        self._ground.close()
