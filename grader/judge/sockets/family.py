"""The budgets of a child that may fork."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from grader.judge.budgets import CPU, MEMORY
from grader.judge.kernel.family import ZOMBIE, members, memory
from grader.language import say

if TYPE_CHECKING:
    from grader.judge.kernel import Kernel

LOOK = 0.1
"""Seconds of real time between two looks at all that a child has forked."""


class Family:
    """The same budgets as for any child, for all its processes together.

    Args:
        most: Processes at a time, beside the child itself.
    """

    def __init__(self, pid: int, most: int) -> None:
        self._pid = pid
        self._most = most
        self._looked = 0.0

    def overspent(self, kernel: Kernel) -> str | None:
        """What they have used too much of, in words; looks now and then only."""
        if time.monotonic() - self._looked < LOOK or kernel.guarantees != "linux":
            return None
        self._looked = time.monotonic()
        found = [each for each in members(self._pid) if each.state != ZOMBIE]
        if len(found) > self._most:
            return say("had more than {most} processes", most=self._most)
        if kernel.total_computed() + sum(each.computed for each in found) > CPU:
            return say("had not ended after {seconds:.0f} s of computing", seconds=CPU)
        if found and sum(memory(each) for each in (self._pid, *(m.pid for m in found))) > MEMORY:
            return say("used more than {size} MiB of memory", size=MEMORY >> 20)
        return None
