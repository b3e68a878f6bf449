"""A child as the judge holds it, and what gives children."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from grader.errors import MachineError
from grader.language import say

if TYPE_CHECKING:
    from pathlib import Path

    from grader.protocol.wire import AnyWire
    from grader.walls.layers import Standing

LOG = 20_000
"""Bytes of a child's output that are looked at."""


@dataclass
class Child:
    """One process for one check, and the judge's ends of its wires.

    Attributes:
        scratch: The only folder in which it may write, and where it works.
        log: Descriptor of a file that takes all output: it is never full, so printing cannot look like blocking.
        stacks: Descriptor of a file to which the child's thread writes where it stands, when it is asked by a signal.
        attended: Somebody looks at it with a debugger: it may take any time.
    """

    pid: int
    scratch: Path
    wire: AnyWire
    side: AnyWire
    log: int
    stacks: int
    attended: bool = False

    def give(self, path: Path) -> str:
        """Put a copy of this file into its scratch folder, the only one that it can read; its name there."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        try:
            with open(
                self.scratch / path.name, "wb", opener=lambda p, _: os.open(p, flags, 0o644)
            ) as copy:
                copy.write(path.read_bytes())
        except OSError as error:
            raise MachineError(
                say("the submission cannot be copied: {error}", error=error)
            ) from error
        return path.name

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
    """Gives children, those for trio when they are asked for so, and takes them back.

    Attributes:
        known: The walls that hold round each child; none before the first child.

    A child that `forks` may do so; whatever it forks ends with it.
    """

    known: Standing

    async def child(self, *, trio: bool = False, forks: bool = False) -> Child: ...
    async def end(self, child: Child) -> None: ...
    async def standing(self) -> Standing: ...
    def close(self) -> None: ...
