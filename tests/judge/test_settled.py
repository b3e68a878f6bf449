"""When a child counts as settled that has threads beside its loop."""

import itertools
from dataclasses import dataclass, field

import pytest

from grader.judge.kernel import Rest
from grader.judge.settling.settled import QUIET, Settled

LOOKS = 20
"""From the first to the one after which threads have been quiet for long enough."""


@dataclass
class Kernel:
    """Whenever it is looked at, all threads sleep until a time; they wake so often between two looks."""

    wakes_between_looks: int
    looks: int = 0

    def loop_rests_alone(self):
        return False

    def look(self):
        self.looks += 1
        return Rest.TIMED

    def loop_is_elsewhere(self):
        return False

    def threads(self):
        return 3

    def total_computed(self):
        return 0.0

    def wakes(self):
        return self.looks * self.wakes_between_looks


class Link:
    def pending(self):
        return False


@dataclass
class Session:
    kernel: Kernel
    link: Link = field(default_factory=Link)
    closed: object = None
    idle: object = "idle"
    alone: bool = False
    runs_free: bool = False


@pytest.fixture
def settling():
    """Gives the wait for threads that wake so often, with a clock that moves at each look."""

    def settling(wakes_between_looks):
        kernel = Kernel(wakes_between_looks)
        per_look = QUIET / (LOOKS - 2)
        return Settled(Session(kernel), patient=False, clock=lambda: kernel.looks * per_look)

    return settling


def test_threads_that_sleep_on_are_settled(settling):
    """Seen asleep for a while, none of them woken meanwhile."""
    waiting = settling(wakes_between_looks=0)

    assert list(itertools.islice(iter(waiting.over, True), 2 * LOOKS)) == [False] * (LOOKS - 1)


def test_threads_that_only_sleep_when_looked_at_are_not(settling):
    """Looks are far apart on a busy machine, and a thread that polls is asleep nearly always."""
    waiting = settling(wakes_between_looks=5)

    assert not any(waiting.over() for _ in range(10 * LOOKS))


def test_threads_that_look_at_something_now_and_then_are_settled(settling):
    """A worker that asks its queue some dozen times a second has nothing to do."""
    waiting = settling(wakes_between_looks=1)

    assert any(waiting.over() for _ in range(2 * LOOKS))
