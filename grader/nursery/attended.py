"""A child that somebody attends with a debugger: on the terminal, with the caller's rights, for any length of time."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from grader.errors import MachineError
from grader.language import say
from grader.nursery.child import Child
from grader.nursery.ground import GRADER, root_of
from grader.nursery.process import unnamed_file
from grader.protocol.sockets import wire_pair
from grader.protocol.wire import wire_on
from grader.walls.layers import NOTHING, Standing

MAIN = GRADER / "child" / "attended.py"


@dataclass
class AttendedChild(Child):
    """Runs the learner's own file, where a debugger finds its lines, and prints on the terminal."""

    attended: bool = True

    def give(self, path: Path) -> str:
        """It reads the very file."""
        return str(path.absolute())


class AttendedNursery:
    """Starts a plain interpreter for each child; it has our standard streams, and no walls."""

    def __init__(self) -> None:
        self.known = NOTHING
        self._folder = tempfile.TemporaryDirectory(prefix="unblocked-", ignore_cleanup_errors=True)
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    async def child(self, *, trio: bool = False, forks: bool = False) -> Child:  # noqa: ARG002 - it imports what it needs when it does, and has no walls
        """Start one."""
        (wire, their_wire), (side, their_side) = wire_pair(), wire_pair()
        log, stacks = unnamed_file(), unnamed_file()
        roots = dict.fromkeys(map(root_of, ("grader", "shop", "msgspec", "anyio")))
        inherited = [their_wire.fileno(), their_side.fileno(), stacks]
        with their_wire, their_side:
            try:
                process = subprocess.Popen(  # noqa: S603, ASYNC220 - our own program; nothing else runs meanwhile
                    [sys.executable, str(MAIN), *map(str, inherited), *roots], pass_fds=inherited
                )
            except OSError as error:
                raise MachineError(
                    say("the grader cannot start a process: {error}", error=error)
                ) from error
        self._processes[process.pid] = process
        room = Path(self._folder.name)
        return AttendedChild(process.pid, room, wire_on(wire), wire_on(side), log, stacks)

    async def end(self, child: Child) -> None:
        """Kill it and wait for it."""
        child.close()
        self._end(self._processes.pop(child.pid))

    async def standing(self) -> Standing:
        """There are no walls."""
        return self.known

    def close(self) -> None:
        """End what is left."""
        for process in self._processes.values():
            self._end(process)
        self._folder.cleanup()

    @staticmethod
    def _end(process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.wait()
