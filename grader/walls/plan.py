"""What is wanted of the walls: decided by the judge, carried out where children come from."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.walls.layers import Wall

if TYPE_CHECKING:
    from pathlib import Path

EVERY = frozenset({Wall.LIMITS, Wall.PRIVILEGES, Wall.LANDLOCK, Wall.SECCOMP})
"""The walls that need no privilege, and nothing installed."""
BARE = frozenset({Wall.LIMITS})
"""What is left when somebody wants no walls: bounds, so that no mistake stops a machine."""


def wanted(*, none: bool = False, bwrap: bool = False) -> frozenset[Wall]:
    """The walls to try."""
    return BARE if none else EVERY | {Wall.BWRAP} if bwrap else EVERY


def hidden(*folders: Path | None) -> tuple[str, ...]:
    """Folders that nobody behind the walls may read, wherever they lie."""
    return tuple(os.path.realpath(folder) for folder in folders if folder)


@dataclass(frozen=True)
class Plan:
    """The walls to try.

    Attributes:
        scratch: Folder in which each child gets one of its own.
        hidden: Folders that are not to be read, wherever they lie: the grader, and with it the checks.
        around: Walls that were put up before the process began.
    """

    scratch: str
    wanted: frozenset[Wall] = EVERY
    hidden: tuple[str, ...] = ()
    around: frozenset[Wall] = frozenset({Wall.PROCESS})


def write_plan(plan: Plan) -> str:
    """As one word of a command line."""
    return json.dumps([plan.scratch, sorted(plan.wanted), plan.hidden, sorted(plan.around)])


def read_plan(text: str) -> Plan:
    """The plan again."""
    folder, wanted, hidden, around = json.loads(text)
    return Plan(folder, frozenset(map(Wall, wanted)), tuple(hidden), frozenset(map(Wall, around)))
