"""trio as a guest of the judged loop: its tasks run in our handles, and it sleeps where the loop sleeps.

A guest of trio's own making waits for its events in a thread, which no settled child may have. Here the loop waits in
its place: for the file that trio would poll, which a thread or a rescheduled task makes readable, and for trio's next
deadline, which is a timer of the loop like any other. So the judge hears one idleness, and moves one clock.

Source: https://trio.readthedocs.io/en/stable/reference-lowlevel.html#using-guest-mode-to-run-trio-on-top-of-other-event-loops
"""

from __future__ import annotations

import asyncio
import inspect
import math
import sys
from typing import TYPE_CHECKING, Any

import trio
from outcome import Outcome, Value, capture

from grader.child import trio_seams
from grader.child.places import coroutine_state, raising_line
from grader.child.watching import DETECTOR
from grader.protocol.messages import Ended, Started, TaskState
from grader.protocol.values import pack, pack_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.child.channel import Channel

ORIGINS = 8
"""Frames kept of where a coroutine was made: anyio and trio have five of their own."""
PATIENCE = 1.0
"""Virtual seconds in which what was cancelled at the end may end."""


class JudgedClock(trio.abc.Clock):
    """The judge's time.

    Attributes:
        deadline: Until when trio would sleep; infinite if for ever.
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self.deadline = math.inf

    def start_clock(self) -> None:
        """It is running."""

    def current_time(self) -> float:
        """Virtual seconds."""
        return self._channel.now

    def deadline_to_sleep_time(self, deadline: float) -> float:
        """How long until then; trio asks whenever no task can run."""
        self.deadline = deadline
        return deadline - self._channel.now


class Steps(trio.abc.Instrument):
    """Tells the detector that each turn of a task is a step of its own.

    Attributes:
        task: What has run last.
    """

    task: trio.lowlevel.Task | None = None

    def before_task_step(self, task: trio.lowlevel.Task) -> None:
        """A task is about to run."""
        self.task = task
        DETECTOR.next_step()


class TrioRun:
    """A run of trio on a loop, from `begin` to `end`.

    Args:
        loop: The judged loop.
        channel: To the judge.
        forget: Called when trio has ended: whoever waits for a service is no more.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, channel: Channel, forget: Callable[[], None]
    ) -> None:
        self._loop = loop
        self._forget = forget
        self._channel = channel
        self._clock = JudgedClock(channel)
        self._steps = Steps()
        self._over = loop.create_future()
        self._nursery: trio.Nursery
        self._ours: frozenset[trio.lowlevel.Task] = frozenset()

    def begin(self) -> None:
        """Start trio; it is ready when the loop is idle."""
        trio_seams.prepare(self._rest)
        asyncio.set_event_loop(None)  # to a task of trio's there is none
        sys.set_coroutine_origin_tracking_depth(ORIGINS)
        self._turn(self._start)
        self._file = trio_seams.events_file()

    def _start(self) -> None:
        trio.lowlevel.start_guest_run(
            self._main,
            run_sync_soon_threadsafe=self._soon,
            done_callback=self._done,
            host_uses_signal_set_wakeup_fd=True,
            clock=self._clock,
            instruments=[self._steps],
        )

    async def end(self) -> None:
        """Cancel whatever runs, and wait for it."""
        if not self._over.done():
            self._nursery.cancel_scope.cancel()
            await asyncio.wait([self._over], timeout=PATIENCE)

    # ---- operations

    def start(self, operation: int, call: Callable[[], Any]) -> None:
        """Call the submission in a task of trio's."""
        self._nursery.start_soon(self._operate, operation, call)

    async def _operate(self, operation: int, call: Callable[[], Any]) -> None:
        try:
            outcome = call()
        except BaseException as error:  # noqa: BLE001 - the submission may raise anything
            self._channel.post(Started(operation, "raised", raising_line(error)))
            self._raised(operation, error)
            return
        waits = inspect.isawaitable(outcome)
        self._channel.post(Started(operation, "pending" if waits else type(outcome).__name__))
        try:
            value = await outcome if waits else outcome
        except (trio.Cancelled, asyncio.CancelledError) as error:
            self._channel.post(Ended(operation, "cancelled"))
            if isinstance(error, trio.Cancelled):
                raise
        except BaseException as error:  # noqa: BLE001 - as above
            self._raised(operation, error)
        else:
            self._channel.post(Ended(operation, "value", pack(value)))

    def _raised(self, operation: int, error: BaseException) -> None:
        raised = pack_error(error, line=raising_line(error))
        self._channel.post(Ended(operation, "error", raised))

    # ---- what there is

    def tasks(self) -> list[TaskState]:
        """The submission's tasks, in the order of their lines."""
        found = [] if self._over.done() else [*_tasks()]
        states = [coroutine_state(task.coro) for task in found if task not in self._ours]
        return sorted(states, key=lambda state: (state.line or 0, state.name))

    def turning(self) -> int | None:
        """Line of the task that has run last."""
        return coroutine_state(self._steps.task.coro).line if self._steps.task else None

    # ---- trio's turns

    async def _main(self) -> None:
        async with trio.open_nursery() as self._nursery:
            self._ours = frozenset(_tasks())
            await trio.sleep_forever()

    def _soon(self, turn: Callable[[], object]) -> None:
        self._loop.call_soon(self._turn, turn)

    def _turn(self, turn: Callable[[], object]) -> None:
        """Let trio run its tasks; to them there is no loop of asyncio."""
        asyncio._set_running_loop(None)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - made for whoever writes a loop
        try:
            turn()
        finally:
            asyncio._set_running_loop(self._loop)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - as above

    def _rest(
        self, get_events: Callable[[], Any], deliver: Callable[[Outcome[Any]], object]
    ) -> None:
        """Wait in the place of a thread, which would get the events and deliver them."""

        def wake(events: Callable[[], Outcome[Any]]) -> None:
            self._loop.remove_reader(self._file)
            if timer is not None:
                timer.cancel()
            deliver(events())

        timer: asyncio.TimerHandle | None = None
        if self._clock.deadline < math.inf:
            timer = self._loop.call_at(self._clock.deadline, wake, lambda: Value([]))
        self._loop.add_reader(self._file, wake, lambda: capture(get_events))

    def _done(self, outcome: Outcome[Any]) -> None:
        """Its run has ended; an error here is one of its own, or the submission has broken it."""
        self._over.set_result(None)
        self._forget()
        outcome.unwrap()


def _tasks() -> Iterator[trio.lowlevel.Task]:
    """All tasks of the run, parents first."""
    root = trio.lowlevel.current_root_task()
    found = [root] if root else []
    for task in found:
        yield task
        found += [child for nursery in task.child_nurseries for child in nursery.child_tasks]
