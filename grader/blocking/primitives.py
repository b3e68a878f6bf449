"""Calls that are known to wait, judged by their arguments whatever their length.

Only these catch a drip of sleeps that are each too short to matter. A call counts if the program,
or a library outside the standard one, makes it; what the standard library waits for inside is left
to the clocks.
"""

# ruff: noqa: ANN401 - what stands in for a function of the library takes and gives what that one does

import concurrent.futures
import functools
import os
import queue
import select
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Protocol

from .frames import caller
from .instant import wall_clock

_select = select.select  # before anybody stands at its door
Question = Callable[..., bool]
"""Asked with the call's own arguments: is it about to wait?"""


class Observer(Protocol):
    """Who is told of a call that waits."""

    def is_watching(self) -> bool:
        """Tell whether this thread is the loop's, in the middle of a step."""
        ...

    def waited(self, call: str, frame: FrameType, nanoseconds: int) -> None:
        """A call that waits has come to its end."""
        ...


@dataclass(frozen=True)
class Primitive:
    """A call to judge: where it lives, what it is called in full, and when it waits."""

    owner: Any
    attribute: str
    name: str
    waits: Question


def _always(*_: Any, **__: Any) -> bool:
    return True


def _patient(timeout: float | None) -> bool:
    return timeout is None or timeout > 0


def _pending(future: Future[Any], timeout: float | None = None) -> bool:
    return _patient(timeout) and not future.done()


def _some_pending(
    fs: Any, timeout: float | None = None, return_when: str = concurrent.futures.ALL_COMPLETED
) -> bool:
    done = [future.done() for future in tuple(fs)]
    enough = any(done) if return_when == concurrent.futures.FIRST_COMPLETED else all(done)
    return _patient(timeout) and not enough


def _alive(thread: threading.Thread, timeout: float | None = None) -> bool:
    return _patient(timeout) and thread.is_alive()


def _unset(event: threading.Event, timeout: float | None = None) -> bool:
    return _patient(timeout) and not event.is_set()


def _condition(_: threading.Condition, timeout: float | None = None) -> bool:
    return _patient(timeout)


def _empty(box: queue.Queue[Any], block: bool = True, timeout: float | None = None) -> bool:  # noqa: FBT001, FBT002 - as `get` has it
    return block and _patient(timeout) and box.empty()


def _full(box: queue.Queue[Any], _: Any, block: bool = True, timeout: float | None = None) -> bool:  # noqa: FBT001, FBT002 - as `put` has it
    return block and _patient(timeout) and box.full()


def _running(process: subprocess.Popen[Any], timeout: float | None = None) -> bool:
    return _patient(timeout) and process.returncode is None and not _has_ended(process.pid)


def _communicating(
    process: subprocess.Popen[Any], _: Any = None, timeout: float | None = None
) -> bool:
    return _running(process, timeout)


def _has_ended(pid: int) -> bool:
    """Whether this child, or any for -1, waits to be reaped; it goes on waiting."""
    if not hasattr(os, "waitid"):  # macOS until Python 3.13: nobody can tell without reaping it
        return False
    kind, number = (os.P_PID, pid) if pid > 0 else (os.P_ALL, 0)
    return os.waitid(kind, number, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _any_running() -> bool:
    return not _has_ended(-1)


def _hanging(pid: int, options: int) -> bool:
    return not options & os.WNOHANG and not _has_ended(pid)


def _selecting(reading: Any, writing: Any, failing: Any, timeout: float | None = None) -> bool:
    return _patient(timeout) and not any(_select(reading, writing, failing, 0))


def _no_signal(numbers: Any) -> bool:
    return not signal.sigpending() & set(numbers)


def _signal_within(numbers: Any, timeout: float) -> bool:
    return _patient(timeout) and _no_signal(numbers)


def _sleeping(seconds: float) -> bool:
    return seconds > 0


FUNCTIONS = (
    Primitive(time, "sleep", "time.sleep", _sleeping),
    Primitive(os, "system", "os.system", _always),
    Primitive(os, "wait", "os.wait", _any_running),
    Primitive(os, "waitpid", "os.waitpid", _hanging),
    Primitive(select, "select", "select.select", _selecting),
    Primitive(signal, "pause", "signal.pause", _always),
    Primitive(signal, "sigwait", "signal.sigwait", _no_signal),
    Primitive(signal, "sigtimedwait", "signal.sigtimedwait", _signal_within),
    Primitive(concurrent.futures, "wait", "concurrent.futures.wait", _some_pending),
    Primitive(subprocess, "run", "subprocess.run", _always),
    Primitive(subprocess, "call", "subprocess.call", _always),
    Primitive(subprocess, "check_call", "subprocess.check_call", _always),
    Primitive(subprocess, "check_output", "subprocess.check_output", _always),
)
METHODS = (
    Primitive(Future, "result", "concurrent.futures.Future.result", _pending),
    Primitive(Future, "exception", "concurrent.futures.Future.exception", _pending),
    Primitive(threading.Thread, "join", "threading.Thread.join", _alive),
    Primitive(threading.Event, "wait", "threading.Event.wait", _unset),
    Primitive(threading.Condition, "wait", "threading.Condition.wait", _condition),
    Primitive(queue.Queue, "get", "queue.Queue.get", _empty),
    Primitive(queue.Queue, "put", "queue.Queue.put", _full),
    Primitive(subprocess.Popen, "wait", "subprocess.Popen.wait", _running),
    Primitive(subprocess.Popen, "communicate", "subprocess.Popen.communicate", _communicating),
)


class Guard:
    """Stands in for a function of C: like it, and unlike one of Python, it is no method."""

    def __init__(
        self, primitive: Primitive, original: Callable[..., Any], observer: Observer
    ) -> None:
        functools.update_wrapper(self, original)
        self._primitive, self._original, self._observer = primitive, original, observer

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not self._observer.is_watching():
            return self._original(*args, **kwargs)
        return _watched(self._primitive, self._original, self._observer, args, kwargs)

    def __repr__(self) -> str:
        return repr(self._original)

    def __reduce__(self) -> str:
        """Pickle by name: whoever unpickles it gets the function of that name."""
        return self._primitive.attribute


def _guarded_method(primitive: Primitive, original: Callable[..., Any], observer: Observer) -> Any:
    @functools.wraps(original)
    def method(*args: Any, **kwargs: Any) -> Any:
        if not observer.is_watching():
            return original(*args, **kwargs)
        return _watched(primitive, original, observer, args, kwargs)

    return method


def _watched(
    primitive: Primitive,
    original: Callable[..., Any],
    observer: Observer,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> Any:
    frame = caller(2)
    if not _about_to_wait(primitive, args, kwargs):
        return original(*args, **kwargs)
    began = wall_clock()
    try:
        return original(*args, **kwargs)
    finally:
        observer.waited(primitive.name, frame, wall_clock() - began)


def _about_to_wait(primitive: Primitive, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Ask; arguments that the call itself will refuse do not wait."""
    try:
        return primitive.waits(*args, **kwargs)
    except Exception:  # noqa: BLE001 - whatever is wrong with the arguments, the call says it better
        return False


def _exists_here(primitive: Primitive) -> bool:
    return hasattr(primitive.owner, primitive.attribute)


@dataclass
class Guards:
    """Puts the guards in place, and takes away those that the program has left there."""

    observer: Observer
    _placed: list[tuple[Primitive, Any, Any]] = field(
        default_factory=list[tuple[Primitive, Any, Any]]
    )

    def place(self) -> None:
        """Guard every primitive."""
        for primitives, make in ((FUNCTIONS, Guard), (METHODS, _guarded_method)):
            for primitive in filter(_exists_here, primitives):
                original = getattr(primitive.owner, primitive.attribute)
                guard = make(primitive, original, self.observer)
                setattr(primitive.owner, primitive.attribute, guard)
                self._placed.append((primitive, original, guard))

    def remove(self) -> None:
        """Put back what the program has not replaced itself."""
        for primitive, original, guard in self._placed:
            if getattr(primitive.owner, primitive.attribute) is guard:
                setattr(primitive.owner, primitive.attribute, original)
        self._placed.clear()
