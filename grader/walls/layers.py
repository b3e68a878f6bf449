"""Which walls hold: a value that is made where they are tried, and read by the judge and the report."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Wall(StrEnum):
    """One layer, by the name that it has in a report; outermost first."""

    PROCESS = "process"
    """An isolated interpreter in a session of its own, with an empty environment."""
    LIMITS = "limits"
    """The kernel's bounds on memory, computing, files and processes."""
    BWRAP = "bwrap"
    """Namespaces: no network, no processes and no files but those that are needed."""
    PRIVILEGES = "privileges"
    """No capability, and where possible a user that owns nothing."""
    LANDLOCK = "landlock"
    """Files, TCP, signals to others."""
    SECCOMP = "seccomp"
    """System calls that no checkout needs."""


@dataclass(frozen=True)
class Standing:
    """The walls that were tried on this machine, and held."""

    held: frozenset[Wall] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """For a report, outermost first."""
        return tuple(wall.value for wall in Wall if wall in self.held)

    @property
    def missing(self) -> tuple[str, ...]:
        """What this machine does not have, or nobody asked for."""
        return tuple(wall.value for wall in Wall if wall not in self.held)

    @property
    def fit_for_strangers(self) -> bool:
        """Whether files are out of reach: without Landlock or bwrap the submission reads whatever its user may."""
        return bool(self.held & {Wall.LANDLOCK, Wall.BWRAP})


NOTHING = Standing()
"""What holds where nothing was tried."""


def standing(names: Iterable[str]) -> Standing:
    """The value again, from its names."""
    return Standing(frozenset(map(Wall, names)))
