"""The warm process, started: it forks the children."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.nursery.ground import Ground
from grader.nursery.process import start
from grader.protocol.sockets import wire_pair

if TYPE_CHECKING:
    import socket

    from grader.walls.layers import Wall


@dataclass(frozen=True)
class Warm:
    """One warm process, and the judge's end of the socket on which it is asked for children."""

    ground: Ground
    control: socket.socket
    process: subprocess.Popen[bytes]

    def close(self, patience: float) -> None:
        """End it; a child that nobody asked for ends with its wire.

        Args:
            patience: Seconds in which it may end by itself.
        """
        self.control.close()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.ground.close()


def start_warm(wanted: frozenset[Wall], hidden: tuple[str, ...] = ()) -> Warm:
    """Start it, with these walls round each of its children, none of which may read what is hidden."""
    ground = Ground(wanted, hidden)
    control, theirs = wire_pair()
    with theirs:
        return Warm(ground, control, start(theirs, ground, []))
