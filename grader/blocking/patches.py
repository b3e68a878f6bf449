"""Three doors of the standard library that the detector must stand at while it watches.

A Python signal handler runs in the middle of the loop's sleep, and is a step all the same; a
program that blocks all signals must not block ours; and the first thread besides the loop's calls
for a watchdog.
"""

# ruff: noqa: ANN401 - what stands in for a function of the library takes and gives what that one does

import _thread
import functools
import signal
import threading
from collections.abc import Callable, Iterable
from typing import Any, Protocol

_THREAD_DOORS = (
    (_thread, "start_new_thread"),
    (threading, "_start_new_thread"),  # until 3.12
    (_thread, "start_joinable_thread"),  # since 3.13
    (threading, "_start_joinable_thread"),
)


class Host(Protocol):
    """Who is told."""

    def handle_signal(self, handler: Callable[..., Any], *args: Any) -> Any:
        """Run a Python signal handler."""
        ...

    def thread_starts(self) -> None:
        """A thread is about to start."""
        ...

    def reserved_signal(self) -> int | None:
        """The signal that must stay unblocked."""
        ...


class Patches:
    """Puts our door-keepers in place and takes them away again."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._placed: list[tuple[Any, str, Any, Any]] = []

    def place(self) -> None:
        """Stand at the doors."""
        self._replace(signal, "signal", self._signal)
        self._replace(signal, "getsignal", self._getsignal)
        if hasattr(signal, "pthread_sigmask"):
            self._replace(signal, "pthread_sigmask", self._sigmask)
        for owner, name in _THREAD_DOORS:
            if hasattr(owner, name):
                self._replace(owner, name, self._thread)

    def remove(self) -> None:
        """Leave, unless the program has put something else in our place."""
        for owner, name, original, ours in self._placed:
            if getattr(owner, name) is ours:
                setattr(owner, name, original)
        self._placed.clear()

    def _replace(self, owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        original = getattr(owner, name)
        ours = functools.wraps(original)(make(original))
        setattr(owner, name, ours)
        self._placed.append((owner, name, original, ours))

    def _signal(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def register(number: int, handler: Any) -> Any:
            return _bare(original(number, self._as_step(handler)))

        return register

    def _as_step(self, handler: Any) -> Any:
        if not callable(handler) or isinstance(handler, int):
            return handler  # SIG_IGN, SIG_DFL
        return _Step(self._host, handler)

    def _getsignal(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def look_up(number: int) -> Any:
            return _bare(original(number))

        return look_up

    def _sigmask(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def mask(how: int, numbers: Iterable[int]) -> Any:
            if how != signal.SIG_UNBLOCK:
                numbers = {number for number in numbers if number != self._host.reserved_signal()}
            return original(how, numbers)

        return mask

    def _thread(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def start(*args: Any, **kwargs: Any) -> Any:
            self._host.thread_starts()
            return original(*args, **kwargs)

        return start


class _Step:
    """A signal handler that counts as a step of the loop."""

    def __init__(self, host: Host, handler: Callable[..., Any]) -> None:
        self._host, self.handler = host, handler

    def __call__(self, *args: Any) -> Any:
        return self._host.handle_signal(self.handler, *args)


def _bare(handler: Any) -> Any:
    """The handler as the program gave it."""
    return handler.handler if isinstance(handler, _Step) else handler
