"""The modules that tell the time, as a submission imports them: what they tell is the judge's time.

A deadline that is made of any of them is legitimate. The standard library keeps real time.
"""

from __future__ import annotations

import threading
import time
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

STEADY = {
    number
    for name in ("CLOCK_MONOTONIC", "CLOCK_MONOTONIC_RAW", "CLOCK_BOOTTIME")
    if (number := getattr(time, name, None)) is not None
}
"""Clocks of the system that never go back."""


class Steady:
    """Virtual seconds, which stand still for the thread that makes this object, until the judge moves them.

    Another thread sleeps in real time, so for that they go on by themselves: else who sleeps until a clock says so
    would never wake.

    Args:
        now: The judge's time.
        real: Seconds of real time.
    """

    def __init__(
        self, now: Callable[[], float], real: Callable[[], float] = time.monotonic
    ) -> None:
        self._now = now
        self._real = real
        self._thread = threading.get_ident()
        self._seen = 0.0, 0.0
        self._latest = 0.0

    def __call__(self) -> float:
        """As much as this thread may know; for each it never goes back."""
        now = self._now()
        if threading.get_ident() == self._thread:
            return now
        if now != self._seen[0]:
            self._seen = now, self._real()
        seen, since = self._seen
        self._latest = max(self._latest, seen + self._real() - since)
        return self._latest


class Clocks:
    """Copies of such modules, made when they are first asked for.

    Args:
        steady: Virtual seconds.
    """

    def __init__(self, steady: Callable[[], float]) -> None:
        self._steady = steady
        self._began = time.time() - steady()
        self._makers = {"time": self._time, "datetime": self._datetime, "timeit": self._timeit}
        self._made: dict[str, types.ModuleType] = {}

    def judged(self, module: Any) -> Any:  # noqa: ANN401 - a module, or what stands for one
        """The copy that takes the place of a module; the module itself if it tells no time."""
        name = getattr(module, "__name__", "")
        if name not in self._makers:
            return module
        if name not in self._made:
            self._made[name] = _copy(module, **self._makers[name](module))
        return self._made[name]

    def _wall(self) -> float:
        return self._began + self._steady()

    def _time(self, _: types.ModuleType) -> dict[str, Any]:
        clocks: dict[str, Callable[..., float]] = {
            "monotonic": self._steady,
            "perf_counter": self._steady,
            "time": self._wall,
        }
        if hasattr(time, "clock_gettime"):
            clocks["clock_gettime"] = self._gettime
        return {**clocks, **{f"{name}_ns": _nanoseconds(clock) for name, clock in clocks.items()}}

    def _gettime(self, which: int) -> float:
        if which in STEADY:
            return self._steady()
        return self._wall() if which == time.CLOCK_REALTIME else time.clock_gettime(which)

    def _timeit(self, _: types.ModuleType) -> dict[str, Any]:
        return {"default_timer": self._steady}

    def _datetime(self, module: types.ModuleType) -> dict[str, Any]:
        """A class that knows the judge's day, and makes real ones: they can be compared, copied and sent."""
        real, wall = module.datetime, self._wall

        class Kind(type):
            def __instancecheck__(cls, thing: object) -> bool:
                return isinstance(thing, real)

        class Judged(real, metaclass=Kind):  # type: ignore[misc, valid-type]  # the class of a module that we are given
            def __new__(cls, *args: Any, **keywords: Any) -> Any:  # noqa: ANN401 - the signatures of datetime's own
                return real.__new__(real if cls is Judged else cls, *args, **keywords)

            @classmethod
            def now(cls, tz: Any = None) -> Any:  # noqa: ANN401 - as above
                return cls.fromtimestamp(wall(), tz)

            @classmethod
            def today(cls) -> Any:  # noqa: ANN401 - as above
                return cls.now()

            @classmethod
            def utcnow(cls) -> Any:  # noqa: ANN401 - as above
                return cls.now(module.timezone.utc).replace(tzinfo=None)

        Judged.__name__ = Judged.__qualname__ = real.__qualname__
        Judged.__module__ = module.__name__
        return {"datetime": Judged}


def _nanoseconds(clock: Callable[..., float]) -> Callable[..., int]:
    return lambda *which: round(clock(*which) * 1e9)


def _copy(module: types.ModuleType, **instead: Any) -> types.ModuleType:  # noqa: ANN401 - members of a module
    copy = types.ModuleType(module.__name__, module.__doc__)
    vars(copy).update({**vars(module), **instead})
    return copy
