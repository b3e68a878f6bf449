"""Says what blocked an event loop: which line, which call, for how long; also on a busy machine.

`Detector` watches one loop of its own thread and returns a `Report` of `Finding`s. Usable without
the rest of the grader. What it offers is imported when it is asked for: a test suite that has the
pytest plugin installed, and watches nothing, waits for nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .detector import Detector
    from .findings import Cause, Finding, Guarantees, KeptOut, Report
    from .hook import Unobservable

__all__ = ["Cause", "Detector", "Finding", "Guarantees", "KeptOut", "Report", "Unobservable"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - PEP 562
    if name not in __all__:
        raise AttributeError(name)
    homes = {"Detector": ".detector", "Unobservable": ".hook"}
    return getattr(import_module(homes.get(name, ".findings"), __name__), name)
