"""Finds the line at fault: from samples, from a live frame, or from who scheduled a callback."""

import asyncio
from collections.abc import Sequence
from types import CodeType, FrameType
from typing import Any, NamedTuple, cast

from .hook import ReadyQueue, is_frameless
from .naming import call_at, spins
from .sources import is_asyncio, is_standard
from .stacks import (
    Frame,
    IsUser,
    Stack,
    elect,
    frame_of,
    inside_step,
    is_librarys_own,
    stack_of,
    user_frame,
)


class Place(NamedTuple):
    """A line, as far as it is known."""

    file: str | None
    line: int | None


_NOWHERE = Place(None, None)


class Blame:
    """Knows the program's files and the step in progress."""

    def __init__(self, is_user: IsUser, queue: ReadyQueue) -> None:
        self._is_user, self._queue = is_user, queue

    def for_step(self, stacks: Sequence[Stack], *, garbage: bool) -> tuple[Place, str | None]:
        """The line at fault of a slow step, and the call on it.

        Args:
            stacks: Samples, cut to the step.
            garbage: Whether most of the step was one garbage collection.
        """
        own = [stack for stack in stacks if not is_librarys_own(stack, self._is_user)]
        stack = elect(own or stacks, self._is_user)
        frame = user_frame(stack, self._is_user) if stack else self._scheduler(stacks)
        call = call_at(stack, self._is_user) if stack else _callback_name(self._queue.handle)
        return _place(frame), "gc.collect" if garbage else call

    def sees_spin(self, stacks: Sequence[Stack]) -> bool:
        """Tell whether the program was seen in a loop that is bounded by the clock."""
        frames = (user_frame(stack, self._is_user) for stack in stacks)
        return any(spins(frame) for frame in set(frames) if frame)

    def for_call(self, frame: FrameType) -> Place | None:
        """The line at fault of a call that waits; None if the standard library made it."""
        file = frame.f_code.co_filename
        by_loop = is_asyncio(file) and frame.f_code.co_name == "_run"
        if is_standard(file) and not self._is_user(file) and not by_loop:
            return None
        stack = inside_step(stack_of(frame))
        if by_loop:
            return _place(self._scheduler([]))
        return _place(user_frame(stack, self._is_user) or (stack[0] if stack else None))

    def _scheduler(self, stacks: Sequence[Stack]) -> Frame | None:
        """Who scheduled the callback, or else the nearest thing to a line that is known."""
        handle = self._queue.handle
        if handle is not None and is_frameless(handle):
            origin = self._queue.origins.get(id(handle)) or _debug_origin(handle, self._is_user)
            if origin:
                return origin
        nearest = (frame for stack in stacks for frame in stack if not is_asyncio(frame.file))
        return next(nearest, None) or _first_line(handle)


def _place(frame: Frame | None) -> Place:
    return Place(frame.file, frame.line) if frame else _NOWHERE


def _debug_origin(handle: asyncio.Handle, is_user: IsUser) -> Frame | None:
    """Where a loop in debug mode has noted that the handle was made."""
    source: Any = getattr(handle, "_source_traceback", None) or ()
    frames = [Frame(entry.filename, entry.lineno or 0, entry.name) for entry in source]
    return user_frame(reversed(frames), is_user)


def _callback_name(handle: asyncio.Handle | None) -> str | None:
    """The name of a callback without a frame: `time.sleep` for `partial(time.sleep, 1)`."""
    callback: Any = getattr(handle, "_callback", None)
    callback = getattr(callback, "func", callback)
    module, name = getattr(callback, "__module__", None), getattr(callback, "__qualname__", None)
    return f"{module}.{name}".removeprefix("builtins.") if module and name else None


def _first_line(handle: asyncio.Handle | None) -> Frame | None:
    """The function that ran in the step: where its coroutine stands, or where it is defined."""
    callback: Any = getattr(handle, "_callback", None)
    task = getattr(callback, "__self__", None)
    runs: Any = cast("Any", task).get_coro() if isinstance(task, asyncio.Task) else callback
    if live := getattr(runs, "cr_frame", None):
        return stack_of(live)[0]
    code = getattr(runs, "cr_code", None) or getattr(runs, "__code__", None)
    return frame_of(code) if isinstance(code, CodeType) else None
