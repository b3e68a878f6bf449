"""Carries a shootout out: the servers in one process's children, the load in another process, and nobody else."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple, Self, TypeVar

from grader.errors import MachineError, UsageError
from grader.language import later, say
from grader.nursery.ground import root_of
from grader.report.harmless import harmless
from grader.shootout import family, plan
from grader.shootout.arena import raise_files
from grader.shootout.orders import (
    Held as AllHeld,
)
from grader.shootout.orders import (
    Leave,
    Line,
    Message,
    Send,
    Sent,
    Serve,
    Serving,
    Stopped,
)
from grader.shootout.plan import Cell
from grader.shootout.results import NOT_SEEN, Held, Peak, Round

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

DELAY = 0.005
"""Seconds until the card network answers."""
PATIENCE = 20.0
"""Seconds that one load may take."""
STOPS = 5.0
"""Seconds within which a server has to stop."""
STARTS = 30.0
"""Seconds within which our own processes have to answer."""
GLANCE = 0.02
"""Seconds between two looks at a server and its children."""
BACKLOG = 4096
TRIAL = 3
"""Clients of a trial."""
NO_IMPORT = later("{path} cannot be imported: {why}")
NEVER_STOPS = later("it had not stopped {seconds:.0f} s after it was told to")
NO_ANSWER = later("it answered {answered} of {requests} requests, {wrong} of them wrong")
NOT_HELD = later("it did not hold {clients} clients at a time")

Heard = TypeVar("Heard", bound=Message)


class Refused(Exception):
    """A server did not do what a server has to."""


class Referee:
    """Has two processes of its own, until it is left.

    Args:
        pipeline: The program whose servers are measured; it runs with the caller's rights.
    """

    def __init__(self, pipeline: Path) -> None:
        self._pipeline = pipeline
        self._ends = ExitStack()

    def __enter__(self) -> Self:
        raise_files()
        self._arena = self._start("grader.shootout.arena", str(self._pipeline.absolute()))
        self._load = self._start("grader.shootout.load")
        if why := _heard(self._arena, Stopped).error:
            self._ends.close()
            raise UsageError(say(NO_IMPORT, path=self._pipeline, why=harmless(why)))
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()

    def _start(self, module: str, *words: str) -> Line:
        ours, theirs = socket.socketpair()
        roots = dict.fromkeys(map(root_of, ("shop",))) if words else ()
        with theirs:
            command = [sys.executable, "-m", module, str(theirs.fileno()), *words, *roots]
            process = subprocess.Popen(  # noqa: S603 - our own programs
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._ends.callback(_end, process)
        self._ends.callback(ours.close)
        ours.settimeout(STARTS)
        return Line(ours)

    def trial(self, server: str, work: str) -> str | None:
        """Have a server answer a few requests; why it cannot be measured, if it cannot."""
        try:
            self.measure(Cell(server, work, TRIAL), requests=TRIAL)
        except Refused as refused:
            return str(refused)
        return None

    def measure(self, cell: Cell, *, turn: int = 0, requests: int = 0) -> tuple[Round, Peak]:
        """Put one load on one server; in round 0 it is looked at meanwhile, which costs it time.

        Args:
            cell: Which server, and the load.
            turn: Number of the round.
            requests: Other than the plan's.

        Raises:
            Refused: It ended, did not stop, or did not answer.
        """
        wanted = requests or cell.requests
        with self._under_way(cell, wanted) as run:
            peak = self._watch(run.pid, look=not turn)
            sent = _heard(self._load, Sent)
            stopped = self._stop(run)
        if stopped.error:
            raise Refused(harmless(stopped.error))
        if sent.answered < wanted // 2:
            text = say(NO_ANSWER, answered=sent.answered, requests=wanted, wrong=sent.wrong)
            raise Refused(text)
        return _round(cell, turn, sent, stopped), peak

    def hold(self, server: str, clients: int) -> Held:
        """Look at a server while so many clients are connected and quiet.

        Raises:
            Refused: As above.
        """
        with self._under_way(Cell(server, "waits", clients), clients, hold=True) as run:
            self._watch(run.pid, look=False)
            if not isinstance(_heard(self._load, AllHeld, Sent), AllHeld):
                raise Refused(harmless(self._stop(run).error) or say(NOT_HELD, clients=clients))
            needs = family.look(run.pid)
            self._load.say(Leave())
            _heard(self._load, Sent)
            self._stop(run)
        return Held(server, clients, needs)

    @contextmanager
    def _under_way(self, cell: Cell, requests: int, *, hold: bool = False) -> Generator[_Run]:
        """A server and the load on it, both begun; at the end nothing of the server is left."""
        gates = cell.connections if cell.work == "waits" else 0
        pairs = [socket.socketpair() for _ in range(1 + gates)]
        with socket.create_server(("127.0.0.1", 0), backlog=BACKLOG) as listener:
            listener.setblocking(False)
            port = listener.getsockname()[1]
            theirs = [listener.fileno(), *(end.fileno() for _, end in pairs)]
            self._arena.say(Serve(cell.server, cell.work, gates), *theirs)
            run = _Run(_heard(self._arena, Serving).pid, pairs[0][0])
        try:
            load = Send(
                port=port,
                work=cell.work,
                connections=cell.connections,
                requests=requests,
                each=plan.PER_CONNECTION,
                delay=DELAY,
                patience=PATIENCE,
                hold=hold,
            )
            self._load.say(load, *(end.fileno() for end, _ in pairs[1:]))
            for end in (*(their for _, their in pairs), *(our for our, _ in pairs[1:])):
                end.close()
            yield run
        finally:
            run.goodbye.close()
            _kill(run.pid)

    def _watch(self, pid: int, *, look: bool) -> Peak:
        """Wait for the load; the server's own end ends it, too."""
        peak = family.look(pid) if look else NOT_SEEN
        talks = [self._arena.socket, self._load.socket]
        while not (ready := select.select(talks, [], [], GLANCE if look else None)[0]):
            peak = family.higher(peak, family.look(pid))
        if self._load.socket not in ready:
            self._load.say(Leave())
        return peak

    def _stop(self, run: _Run) -> Stopped:
        with suppress(OSError):  # it is not there any more
            run.goodbye.send(b"\0")
        if not select.select([self._arena.socket], [], [], STOPS)[0]:
            _kill(run.pid)
            _heard(self._arena, Stopped)
            raise Refused(say(NEVER_STOPS, seconds=STOPS))
        return _heard(self._arena, Stopped)


class _Run(NamedTuple):
    """A server that runs, and the socket that stops it."""

    pid: int
    goodbye: socket.socket


def _round(cell: Cell, turn: int, sent: Sent, stopped: Stopped) -> Round:
    return Round(
        cell=cell,
        turn=turn,
        answered=sent.answered,
        wrong=sent.wrong,
        lost=sent.lost,
        seconds=sent.seconds,
        middle=sent.middle,
        late=sent.late,
        computed=stopped.computed,
        voluntary=stopped.voluntary,
        involuntary=stopped.involuntary,
        busy=sent.busy,
    )


def _heard(line: Line, *kinds: type[Heard]) -> Heard:
    try:
        return line.hear(*kinds)
    except (EOFError, TimeoutError, OSError) as error:
        raise MachineError(say("a process of the shootout's own has ended")) from error


def _kill(pid: int) -> None:
    """End a server and its children, if there are any left."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
