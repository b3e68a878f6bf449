"""Where children come from: a warm process that forks them, or a fresh interpreter each where there is no fork.

The next child is forked while the present one is judged, and the last one is buried while the next one lives.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections import deque
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import grader
from grader.errors import MachineError
from grader.protocol.wire import AnyWire, wire_on, wire_pair
from grader.walls import bwrap, scratch
from grader.walls.layers import NOTHING, Standing, Wall, standing
from grader.walls.plan import EVERY, Plan, write_plan

if TYPE_CHECKING:
    from collections.abc import Iterable

MAIN = Path(grader.__file__).parent / "child" / "__main__.py"
PATIENCE = 30.0
"""Seconds of real time within which the machine must give us a process."""
READY = 4
"""Children that are kept ready: as many as are judged at a time."""
LOG = 20_000
"""Bytes of a child's output that are looked at."""


@dataclass
class Child:
    """One process for one check, and the judge's ends of its wires.

    Attributes:
        scratch: The only folder in which it may write, and where it works.
        log: Descriptor of a file that takes all output: it is never full, so printing cannot look like blocking.
        stacks: Descriptor of a file to which the child's thread writes where it stands, when it is asked by a signal.
    """

    pid: int
    scratch: Path
    wire: AnyWire
    side: AnyWire
    log: int
    stacks: int

    def give(self, path: Path) -> None:
        """Put a copy of this file into its scratch folder, the only one that it can read."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        try:
            with open(
                self.scratch / path.name, "wb", opener=lambda p, _: os.open(p, flags, 0o644)
            ) as copy:
                copy.write(path.read_bytes())
        except OSError as error:
            raise MachineError(f"the submission cannot be copied: {error}") from error

    def output(self, start: int = 0) -> str:
        """What the child has printed."""
        return os.pread(self.log, LOG, start).decode(errors="replace")

    def output_size(self) -> int:
        """Bytes printed so far."""
        return os.fstat(self.log).st_size

    def close(self) -> None:
        """Let go of the judge's ends."""
        self.wire.socket.close()
        self.side.socket.close()
        os.close(self.log)
        os.close(self.stacks)


class Nursery(Protocol):
    """Gives children and takes them back.

    Attributes:
        known: The walls that hold round each child; none before the first child.
    """

    known: Standing

    async def child(self) -> Child: ...
    async def end(self, child: Child) -> None: ...
    async def standing(self) -> Standing: ...
    def close(self) -> None: ...


class Ground:
    """Where children work: a folder for each in one of ours, and the walls that are wanted round it."""

    def __init__(self, wanted: frozenset[Wall], hidden: tuple[str, ...] = ()) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="unblocked-", ignore_cleanup_errors=True)
        self.path = Path(self._folder.name)
        self.path.chmod(0o711)  # a child of root is somebody else
        package = str(MAIN.parents[1])
        self.front = self._front(package, hidden) if Wall.BWRAP in wanted else []
        around = {Wall.PROCESS, *([Wall.BWRAP] if self.front else [])}
        self.plan = Plan(str(self.path), wanted, (package, *hidden), frozenset(around))

    def _front(self, package: str, hidden: tuple[str, ...]) -> list[str]:
        """bwrap, if it runs here."""
        folders = [str(Path(_root(name), name)) for name in ("shop", "msgspec", "anyio")]
        sites = [_root(name) for name in ("msgspec", "anyio")]
        packages = [*folders, *(site for site in sites if site.endswith("-packages"))]
        front = bwrap.front(package, packages, str(self.path), hidden)
        return front if bwrap.runs(front) else []

    def close(self) -> None:
        """Remove it, with what is left of the children's."""
        for folder in self.path.iterdir():
            scratch.clear(str(folder))
        self._folder.cleanup()


class ForkNursery:
    """One warm process, started at once, so that it warms up while the judge still imports and collects."""

    def __init__(self, wanted: frozenset[Wall] = EVERY, hidden: tuple[str, ...] = ()) -> None:
        self._ground = Ground(wanted, hidden)
        self.known = NOTHING
        self._control, theirs = wire_pair()
        with theirs:
            self._process = _interpreter(theirs, self._ground, [])
        self._reader = _Lines(self._control)
        self._turn = asyncio.Lock()
        self._ready: deque[tuple[socket.socket, socket.socket, int, int]] = deque()

    async def child(self) -> Child:
        """The child that is ready; the next one is asked for."""
        async with self._turn:
            while len(self._ready) < READY:
                self._ask()
            reply = await self._reply("pid")
            wire, side, log, stacks = self._ready.popleft()
            self._ask()
        room = self._ground.path / str(reply["pid"])
        return Child(self._our(reply["pid"]), room, wire_on(wire), wire_on(side), log, stacks)

    async def end(self, child: Child) -> None:
        """Have a child, and all that it left, killed; does not wait for it."""
        child.close()
        self._send({"end": int(child.scratch.name)}, [])

    def _our(self, pid: int) -> int:
        """A process id of the warm process's as one of ours: behind bwrap they differ."""
        if not self._ground.front:
            return pid
        try:
            return bwrap.outer_pid(self._process.pid, pid)
        except OSError as error:
            raise MachineError(f"a process behind bwrap cannot be found: {error}") from error

    async def standing(self) -> Standing:
        """The walls that hold round each child."""
        async with self._turn:
            if not self.known.held:
                await self._reply("walls")
        return self.known

    def close(self) -> None:
        """End the warm process; a child that nobody asked for ends with its wire."""
        self._control.close()
        for wire, side, *files in self._ready:
            wire.close()
            side.close()
            for file in files:
                os.close(file)
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._ground.close()

    def _ask(self) -> None:
        (wire, their_wire), (side, their_side) = wire_pair(), wire_pair()
        log, stacks = _file(), _file()
        with their_wire, their_side:
            self._send({}, [their_wire.fileno(), their_side.fileno(), log, stacks])
        self._ready.append((wire, side, log, stacks))

    def _send(self, request: dict[str, int], descriptors: Iterable[int]) -> None:
        try:
            socket.send_fds(self._control, [json.dumps(request).encode() + b"\n"], descriptors)
        except OSError as error:
            raise MachineError("the grader's warm process has ended; run it again") from error

    async def _reply(self, wanted: str) -> dict[str, Any]:
        while True:
            reply = await self._reader.line()
            if "walls" in reply:
                self.known = standing(reply["walls"])
            if wanted in reply:
                return reply


class SpawnNursery:
    """A fresh interpreter for each child, for systems without fork."""

    async def child(self) -> Child:
        """Start one; takes some 100 ms."""
        await self.standing()
        (wire, their_wire), (side, their_side) = wire_pair(), wire_pair()
        log, stacks = _file(), _file()
        inherited = [their_side.fileno(), log, stacks]
        with their_wire, their_side:
            arguments = ["--once", *map(str, inherited)]
            process = _interpreter(their_wire, self._ground, arguments, inherited)
        self._processes[process.pid] = process
        room = self._ground.path / str(process.pid)
        scratch.make(str(room))
        return Child(process.pid, room, wire_on(wire), wire_on(side), log, stacks)

    def __init__(self, wanted: frozenset[Wall] = EVERY, hidden: tuple[str, ...] = ()) -> None:
        self.known = NOTHING
        self._ground = Ground(wanted, hidden)
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    async def end(self, child: Child) -> None:
        """Kill it and wait for it."""
        child.close()
        process = self._processes.pop(child.pid)
        process.kill()
        process.wait()
        scratch.clear(str(child.scratch))

    async def standing(self) -> Standing:
        """The walls that hold round each child: those that hold round a forked one."""
        if not self.known.held:
            trial = ForkNursery(self._ground.plan.wanted)
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
                raise MachineError("the machine gives the grader no process") from error
            if not data:
                raise MachineError("the grader's warm process has ended; run it again")
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        reply: dict[str, Any] = json.loads(line)
        return reply


def new_nursery(
    *, spawn: bool = False, wanted: frozenset[Wall] = EVERY, hidden: tuple[str, ...] = ()
) -> Nursery:
    """The fastest that this system has, with these walls as far as it has them; no child may read what is hidden."""
    if spawn or not hasattr(os, "fork") or not hasattr(socket, "send_fds"):
        return SpawnNursery(wanted, hidden)
    return ForkNursery(wanted, hidden)


def _interpreter(
    sock: socket.socket, ground: Ground, arguments: list[str], more: Iterable[int] = ()
) -> subprocess.Popen[bytes]:
    """An isolated interpreter with our own packages, no environment, and no input."""
    roots = dict.fromkeys(map(_root, ("grader", "shop", "msgspec", "anyio")))
    words = [str(MAIN), str(sock.fileno()), write_plan(ground.plan), *arguments, *roots]
    try:
        return subprocess.Popen(  # noqa: S603 - our own program
            [*ground.front, sys.executable, "-I", *words],
            pass_fds=[sock.fileno(), *more],
            stdin=subprocess.DEVNULL,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        )
    except OSError as error:
        raise MachineError(f"the grader cannot start a process: {error}") from error


def _root(package: str) -> str:
    """The folder that holds a package, which the judge itself need not import."""
    found = find_spec(package)
    if found is None or found.origin is None:
        raise MachineError(f"the package {package!r} is not installed; install unblocked again")
    return str(Path(found.origin).parents[1])


def _file() -> int:
    """A file without a name."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("child")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
