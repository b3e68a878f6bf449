"""What a check's history looks like: pure functions from what was recorded to lanes, bars and marks.

A picture knows neither colour nor medium; those who draw it are in `grader.report`.
"""

from grader.timeline.lanes import timeline
from grader.timeline.picture import Bar, Lane, Mark, Timeline
from grader.timeline.recording import Left, Operation, Recording, Stall, Step

__all__ = [
    "Bar",
    "Lane",
    "Left",
    "Mark",
    "Operation",
    "Recording",
    "Stall",
    "Step",
    "Timeline",
    "timeline",
]
