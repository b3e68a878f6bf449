"""The axis: the shop's clock, which stands still while the loop is busy, with the real time of its steps let in."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.results import Event
    from grader.timeline.recording import Step


@dataclass(frozen=True)
class Axis:
    """Where on the axis things stand, in seconds from 0.

    Attributes:
        times: Of each event.
        places: Of the events before which each step began, ascending.
        before: Real time of all steps before each step, and, last, of all of them.
        clock: Whether it shows time; else all happened in one instant, and it counts events.
    """

    times: tuple[float, ...]
    places: tuple[int, ...] = ()
    before: tuple[float, ...] = (0.0,)
    clock: bool = True

    def of_event(self, place: int) -> float:
        """Where an event stands: what a step made happen, happened at its end."""
        return self.times[place] + self.before[bisect_right(self.places, place)]

    def of_beginning(self, place: int) -> float:
        """Where something stands that began at this place, before the step that it began."""
        if not self.times:
            return 0.0
        at = self.times[min(place, len(self.times) - 1)]
        return at + self.before[bisect_left(self.places, place)]

    def of_step(self, number: int, step: Step) -> float:
        """Where the step of this number, from 0, begins."""
        return step.at + self.before[number] if self.clock else self.of_beginning(step.place)


def axis(events: Sequence[Event], steps: Sequence[Step], *, held: bool = False) -> Axis:
    """Lay out the axis of a history.

    Args:
        events: In the order of happening.
        steps: In the same order.
        held: Something held the loop, and so took time to be seen.
    """
    times = tuple(event.at for event in events)
    if len(set(times)) <= 1 and not held:
        return Axis(tuple(map(float, range(len(times)))), clock=False)
    before = accumulate((step.seconds for step in steps), initial=0.0)
    return Axis(times, tuple(step.place for step in steps), tuple(before))
