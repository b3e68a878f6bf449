"""Says what blocked an event loop: which line, which call, for how long; also on a busy machine.

`Detector` watches one loop of its own thread and returns a `Report` of `Finding`s. Usable without
the rest of the grader.
"""

from .detector import Detector
from .findings import Cause, Finding, Guarantees, KeptOut, Report
from .hook import Unobservable

__all__ = ["Cause", "Detector", "Finding", "Guarantees", "KeptOut", "Report", "Unobservable"]
