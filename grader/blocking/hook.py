"""Hears an event loop turn, at the price of one look at the clock for each step.

asyncio's loop takes each handle from its ready queue by `popleft`, and goes to sleep in its
selector. So a queue whose `popleft` notes the time marks the beginning of every step, and the end
of the one before; a selector that notes when it is entered and left marks the rest. Wrapping
`Handle._run` would cost about the same and hear less: not the loop's own work between the steps.
"""

# ruff: noqa: ANN401 - what stands in for a function of the library takes and gives what that one does

import asyncio
import functools
import types
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol, cast

from .frames import caller
from .instant import wall_clock
from .primitives import Guard
from .stacks import Frame, IsUser, inside_step, stack_of, user_frame

NEVER = 1 << 62
_take = deque[asyncio.Handle].popleft
_put = deque[asyncio.Handle].append
_FRAMELESS = {functools.partial, types.BuiltinFunctionType, Guard}
_REGISTERING = ("_add_reader", "_add_writer", "add_signal_handler")
_MANY = 10_000


class Unobservable(Exception):
    """This event loop cannot be observed; the text says why."""


class Ear(Protocol):
    """Who listens."""

    def due(self, now: int) -> int:
        """Some time has passed; tell what time it is when done."""
        ...

    def pause(self, now: int) -> None:
        """The loop goes to sleep or stops."""
        ...

    def slept(self, began: int, now: int, timeout: float | None) -> int:
        """The loop has slept; tell what time it is when done."""
        ...


class ReadyQueue(deque[asyncio.Handle]):
    """A loop's ready queue that knows the step in progress.

    Attributes:
        began: When the step in progress began; 0 between steps.
        due_at: When the listener next wants to be told.
        handle: What runs in this step; None for the loop's own work.
        origins: Where the callbacks without a frame of their own were scheduled, by the handle's
            id.
    """

    __slots__ = ("began", "due_at", "ear", "handle", "is_user", "origins")

    def __init__(self, ear: Ear, is_user: IsUser) -> None:
        super().__init__()
        self.began, self.due_at = 0, NEVER
        self.ear, self.is_user = ear, is_user
        self.handle: asyncio.Handle | None = None
        self.origins: dict[int, Frame] = {}

    def popleft(self) -> asyncio.Handle:
        """Take the next handle: the step before ends, and the next begins."""
        now = wall_clock()
        if now >= self.due_at:
            now = self.ear.due(now)
        self.began = now
        self.handle = handle = _take(self)
        return handle

    def append(self, handle: asyncio.Handle, /) -> None:
        """Add a handle; one whose callback has no frame is remembered by who adds it."""
        if type(handle._callback) in _FRAMELESS:  # type: ignore[attr-defined] # noqa: SLF001  # pyright: ignore - a slot of Handle since 3.4
            self.remember(handle)
        _put(self, handle)

    def remember(self, handle: asyncio.Handle) -> None:
        """Note the program's line that schedules this handle, if one does."""
        if not is_frameless(handle):
            return
        if origin := user_frame(inside_step(stack_of(caller())), self.is_user):
            if len(self.origins) > _MANY:
                self.origins.clear()
            self.origins[id(handle)] = origin


class Hook:
    """Listens to one loop, from `attach` to `detach`."""

    def __init__(self, loop: asyncio.AbstractEventLoop, ear: Ear, is_user: IsUser) -> None:
        self._loop, self._ear = loop, ear
        self._attributes = _attributes_of(loop)
        self._selector = self._attributes["_selector"]
        self.queue = ReadyQueue(ear, is_user)

    def attach(self) -> None:
        """Begin to listen; if the loop runs already, the step in progress begins now."""
        self._replace_queue(self.queue)
        vars(self._selector)["select"] = self._select(self._selector.select)
        self._attributes["run_forever"] = self._run_forever(self._loop.run_forever)
        self._attributes["call_at"] = self._call_at(self._loop.call_at)
        for name in _REGISTERING:
            self._attributes[name] = self._registering(getattr(self._loop, name))
        if self._loop.is_running():
            self.queue.began = self._ear.due(wall_clock())

    def is_attached(self) -> bool:
        """Tell whether the program has left our queue in its place."""
        return self._attributes["_ready"] is self.queue and "select" in vars(self._selector)

    def detach(self) -> None:
        """Stop listening; the loop may go on."""
        if self._attributes["_ready"] is self.queue:
            self._replace_queue(deque())
        for attribute in ("run_forever", "call_at", *_REGISTERING):
            self._attributes.pop(attribute, None)
        cast("dict[str, Any]", vars(self._selector)).pop("select", None)

    def _replace_queue(self, new: deque[asyncio.Handle]) -> None:
        """Put in a new queue first, then fill it: a thread may add a handle at any moment."""
        old, self._attributes["_ready"] = self._attributes["_ready"], new
        while old:
            new.appendleft(old.pop())

    def end_step(self, now: int) -> None:
        """End the step in progress."""
        self._ear.pause(now)
        self.queue.began, self.queue.handle = 0, None

    def begin_step(self) -> None:
        """Begin a step of the loop's own."""
        self.queue.began = self._ear.due(wall_clock())

    def next_step(self) -> None:
        """Begin a step in the middle of a handle, at the price of `popleft`."""
        now = wall_clock()
        self.queue.began = now if now < self.queue.due_at else self._ear.due(now)

    def _select(self, select: Callable[[float | None], Any]) -> Callable[..., Any]:
        queue, slept = self.queue, self._ear.slept

        def listening_select(timeout: float | None = None) -> Any:
            now = wall_clock()
            # A mere poll ends no watch, unless it is time to look at the clocks anyway.
            if rests := timeout != 0 or now >= queue.due_at:
                self.end_step(now)
            queue.began, queue.handle = 0, None
            try:
                return select(timeout)
            finally:
                after = wall_clock()
                queue.began = slept(now, after, timeout) if rests else after

        return listening_select

    def _run_forever(self, run_forever: Callable[[], None]) -> Callable[[], None]:
        def listening_run() -> None:
            self.begin_step()
            try:
                run_forever()
            finally:
                self.end_step(wall_clock())

        return listening_run

    def _call_at(self, call_at: Callable[..., asyncio.TimerHandle]) -> Callable[..., Any]:
        remember = self.queue.remember

        def listening_call_at(when: float, callback: Any, *args: Any, context: Any = None) -> Any:
            timer = call_at(when, callback, *args, context=context)
            if type(callback) in _FRAMELESS:
                remember(timer)
            return timer

        return listening_call_at

    def _registering(self, register: Callable[..., Any]) -> Callable[..., Any]:
        """Registering a callback for whenever something happens: one without a frame is remembered by who does so."""
        remember = self.queue.remember

        def listening_register(what: Any, callback: Any, *args: Any) -> Any:
            handle = register(what, callback, *args)
            if type(callback) in _FRAMELESS:
                remember(handle or self._attributes["_signal_handlers"][what])
            return handle

        return listening_register


def _attributes_of(loop: asyncio.AbstractEventLoop) -> dict[str, Any]:
    """The loop's own attributes, if it is asyncio's loop on a selector."""
    attributes = getattr(loop, "__dict__", {})
    kind = f"{type(loop).__module__}.{type(loop).__qualname__}"
    if not isinstance(loop, asyncio.BaseEventLoop) or "_ready" not in attributes:
        raise Unobservable(f"a {kind} cannot be observed: only asyncio's own event loop can.")
    if not hasattr(attributes.get("_selector"), "__dict__"):
        raise Unobservable(f"a {kind} cannot be observed: it does not sleep in a selector.")
    return attributes


def is_frameless(handle: asyncio.Handle) -> bool:
    """Tell whether a handle's callback has no frame of its own to be seen in a stack."""
    callback = getattr(handle, "_callback", None)
    owner = getattr(callback, "__self__", None)
    return type(callback) in _FRAMELESS and not isinstance(owner, asyncio.Future)
