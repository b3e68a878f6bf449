"""No view from outside: the child's own word, and patience."""

from __future__ import annotations

import time

from grader.judge.kernel.values import Rest, Step

PATIENCE = 10.0
"""Seconds of real time that a step may take where nobody can look at it from outside."""


class PortableKernel:
    """No view from outside: the child's own word, and patience. The report says so."""

    guarantees = "portable"

    def __init__(self) -> None:
        self._began = time.monotonic()

    def close(self) -> None: ...

    def threads(self) -> int:
        return 1

    def thread_ids(self) -> frozenset[int]:
        return frozenset()

    def loop_rests_alone(self) -> bool:
        return False

    def look(self) -> Rest:
        return Rest.UNKNOWN

    def begin_step(self) -> None:
        self._began = time.monotonic()

    def excuse(self, stamp: int) -> None: ...

    def end_step(self, stamp: int) -> Step:  # noqa: ARG002 - no stamps here
        return Step(0.0, 0.0, 0.0)

    def step_computed(self) -> float:
        return 0.0

    def step_slept(self) -> float:
        return 0.0

    def loop_sleeping_since(self) -> float:
        """Patience: a step that takes so long is taken for a sleep."""
        waited = time.monotonic() - self._began
        return waited if waited > PATIENCE else 0.0

    def loop_is_elsewhere(self) -> bool:
        return False

    def wakes(self) -> int:
        return 0

    def total_computed(self) -> float:
        return 0.0

    def memory(self) -> int:
        return 0
