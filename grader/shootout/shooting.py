"""The order of events: who may take part, what is held, then the rounds."""

from __future__ import annotations

import os
import platform
import resource
from typing import TYPE_CHECKING

from grader.shootout import plan
from grader.shootout.referee import Refused
from grader.shootout.results import Held, Left, Peak, Round, Shootout, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.shootout.plan import Cell
    from grader.shootout.referee import Referee


class Shooting:
    """One shootout.

    Args:
        referee: Entered.
        rounds: That count; one goes before them, to warm up and to look.
        tell: Is told how many measurements are done, of how many.
    """

    def __init__(
        self,
        referee: Referee,
        *,
        connections: Sequence[int],
        rounds: int,
        tell: Callable[[int, int], None],
    ) -> None:
        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        self._referee = referee
        self._asked = tuple(sorted(set(connections)))
        self._able = plan.affordable(connections, files)
        self._rounds = rounds
        self._tell = tell
        self._left: list[Left] = []
        self._peaks: dict[Cell, Peak] = {}
        self._measured: list[Round] = []

    def carry_out(self, submission: str, yardstick: str, winners: dict[str, str]) -> Shootout:
        """All of it.

        Args:
            submission: Name of the program, for the report.
            yardstick: The server to which the others are compared.
            winners: What the program says of which wins where.
        """
        servers = [server for server in plan.SERVERS if self._takes_part(server)]
        held = [held for server in servers if (held := self._hold(server))]
        cells = [
            (turn, cell)
            for turn in range(self._rounds + 1)
            for cell in plan.in_turns(servers, plan.WORKS, self._able, turn)
        ]
        for done, (turn, cell) in enumerate(cells):
            self._tell(done, len(cells))
            self._measure(cell, turn)
        return Shootout(
            submission=submission,
            yardstick=yardstick,
            processors=_processors(),
            python=platform.python_version(),
            rounds=tuple(self._measured),
            rows=rows_of(self._measured, self._peaks, yardstick),
            held=tuple(held),
            left_out=tuple(self._left),
            limited_to=None if self._able == self._asked else self._able[-1],
            winners=winners,
        )

    def _takes_part(self, server: str) -> bool:
        why = next(filter(None, (self._referee.trial(server, work) for work in plan.WORKS)), None)
        if why:
            self._left.append(Left(server, why))
        return not why

    def _hold(self, server: str) -> Held | None:
        clients = min(plan.HELD, self._able[-1])
        try:
            return self._referee.hold(server, clients)
        except Refused as refused:
            self._left.append(Left(server, str(refused), clients))
            return None

    def _measure(self, cell: Cell, turn: int) -> None:
        if any(left.is_about(cell) for left in self._left):
            return
        try:
            result, peak = self._referee.measure(cell, turn=turn)
        except Refused as refused:
            self._left.append(Left(cell.server, str(refused), cell.connections, cell.work))
            return
        if turn:
            self._measured.append(result)
        else:
            self._peaks[cell] = peak


def _processors() -> int:
    """As many as this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
