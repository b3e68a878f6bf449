"""The detector: listens to one loop and says which lines blocked it.

A step that reached the threshold is judged from the clocks of its thread; a call known to wait is
judged by its arguments. Both go into one book, which folds what one line did.
"""

# ruff: noqa: ANN401 - what stands in for a function of the library takes and gives what that one does

import _thread
import asyncio
import contextlib
import functools
import gc
import os
import threading
import weakref
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from types import FrameType
from typing import Any

from .blame import Blame
from .findings import Book, Cause, Finding, Guarantees, KeptOut, Report
from .hook import NEVER, Hook
from .instant import wall_clock
from .instruments import Instruments, make_instruments
from .judgement import Outcome, judge
from .ledger import Spent
from .patches import Patches
from .primitives import Guards
from .sources import is_user_file
from .stacks import IsUser

PATIENCE = 1_000_000
"""Nanoseconds for which one reading of the clocks serves all steps."""

_active: weakref.WeakSet["Detector"] = weakref.WeakSet()
_CAUSES = {Outcome.WAITS: Cause.WAITS, Outcome.COMPUTES: Cause.COMPUTES}


class Detector:
    """Watches one event loop of this thread, from `start` to `stop`.

    Start it in the loop's own thread, after any fork, before or while the loop runs. At the most
    one at a time.

    Args:
        threshold: Seconds for which a step may hold the loop, > 0.
        is_user: Tells by its name whether a file is the program's own; findings are laid at its
            lines.
        portable: Whether to do without what only Linux offers.
        stacks_file: Descriptor of an empty file that takes the stacks of a step that is too long,
            so that another process can read where a program hangs; None keeps them to ourselves.
        threadless: Start no thread of our own before the program starts one: then what sleeps in C, and raises when it
            wakes, may be laid at the line after it.
    """

    def __init__(
        self,
        threshold: float = 0.025,
        *,
        is_user: IsUser = is_user_file,
        portable: bool = False,
        stacks_file: int | None = None,
        threadless: bool = False,
    ) -> None:
        self._threadless = threadless
        self._threshold = round(threshold * 1e9)
        self._is_user = is_user
        self._make = functools.partial(make_instruments, portable=portable, stacks_file=stacks_file)
        self._book = Book()
        self._kept_out: dict[str, KeptOut] = {}
        self._doubtful = self._turned = self._prepared = False
        self._collected = self._collecting_since = 0
        self._guards, self._patches = Guards(self), Patches(self)
        self._thread = 0
        self._hook: Hook
        self._instruments: Instruments

    # ── for whoever runs the loop ────────────────────────────────────────────────────────────────

    @property
    def watchdog_id(self) -> int | None:
        """Native id of the one thread that the detector may start; None while there is none."""
        return self._instruments.watchdog_id

    @property
    def guarantees(self) -> Guarantees:
        """What the report will rest on."""
        return self._instruments.guarantees

    def prepare(self) -> None:
        """Stand at the doors of the standard library; `start` does it otherwise.

        Done before a program's modules are imported, a `from time import sleep` of theirs is seen
        as well. Done before a fork, the copy starts sooner. Without a watch it changes nothing.
        """
        if not self._prepared:
            self._prepared = True
            self._guards.place()
            self._patches.place()

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to watch.

        Raises:
            Unobservable: This loop cannot be observed; nothing is being watched.
        """
        self._hook = Hook(loop, self, self._is_user)
        self._real_time = type(loop).time is asyncio.BaseEventLoop.time
        self._thread = threading.get_ident()
        self._instruments = self._make(self._threshold, self._began)
        self._blame = Blame(self._is_user, self._hook.queue)
        self.prepare()
        if _other_threads() or not self._threadless:
            self._instruments.thread_starts()
        gc.callbacks.append(self._collection)
        _active.add(self)
        self._hook.queue.due_at = 0
        self._hook.attach()

    def is_started(self) -> bool:
        """Tell whether the watch is on."""
        return self in _active

    def stop(self, *, keep_doors: bool = False) -> Report:
        """Stop watching, and report; the step in progress, if any, is judged up to now.

        Args:
            keep_doors: Leave the doors of the standard library as `prepare` made them: for another
                watch, or for a process that is about to end.
        """
        _active.discard(self)
        intact = self._hook.is_attached() and self._turned
        self._hook.end_step(wall_clock())
        self._hook.detach()
        self._hook.queue.due_at = NEVER
        gc.callbacks.remove(self._collection)
        if not keep_doors:
            self._leave_doors()
        self._thread = 0
        self._instruments.close()
        return self.report(intact=intact)

    def _leave_doors(self) -> None:
        self._patches.remove()
        self._guards.remove()
        self._prepared = False

    def report(self, *, intact: bool = True) -> Report:
        """What has been found so far."""
        blocked = tuple(self._book)
        return Report(
            blocked=blocked,
            kept_out=tuple(self._kept_out.values()),
            inconclusive=self._doubtful and not blocked,
            intact=intact,
            guarantees=self._instruments.guarantees,
        )

    @contextlib.contextmanager
    def excused(self) -> Generator[None]:
        """Leave out a stretch in which the loop's thread waits on purpose.

        The step ends before it, and a new one begins after it.
        """
        if not self.is_watching():
            yield
            return
        self._hook.end_step(wall_clock())
        try:
            yield
        finally:
            self._hook.begin_step()

    def next_step(self) -> None:
        """One step ends and another begins, within one callback: a scheduler that is the loop's guest says so."""
        if self.is_watching():
            self._hook.next_step()

    # ── what the hook tells ──────────────────────────────────────────────────────────────────────

    def due(self, now: int) -> int:
        """Judge the step that ends now if it was slow, and get ready for the next."""
        self._turned = True
        self._close_step(now)
        now = self._instruments.begin()
        self._collected = 0
        self._hook.queue.due_at = now + PATIENCE
        return now

    def pause(self, now: int) -> None:
        """Judge the step that ends now if it was slow; the loop goes to sleep."""
        self._close_step(now)
        self._instruments.rest()
        self._hook.queue.due_at = 0

    def slept(self, began: int, now: int, timeout: float | None) -> int:
        """Note if the loop was kept from waking by a thread that held the GIL."""
        if timeout and timeout > 0 and self._real_time and self.watchdog_id is not None:
            late = now - began - round(timeout * 1e9)
            if late >= self._threshold:
                self._note_late(late - self._instruments.queued_since_begin())
        return self.due(now)

    def _note_late(self, late: int) -> None:
        if late >= self._threshold:
            others = self._instruments.others()
            if sum(spent.cpu for spent in others) >= self._threshold // 2:
                self._note_kept_out(KeptOut(_busiest(others), late / 1e9))

    def _note_kept_out(self, stall: KeptOut) -> None:
        """Keep the longest stall of each thread."""
        known = self._kept_out.get(stall.thread, stall)
        self._kept_out[stall.thread] = max(known, stall, key=lambda one: one.seconds)

    def _close_step(self, now: int) -> None:
        step = self._began()
        if step and now - step >= self._threshold:
            self._judge(step)

    # ── what the doors tell ──────────────────────────────────────────────────────────────────────

    def is_watching(self) -> bool:
        """Tell whether this thread is the loop's, in the middle of a step."""
        return threading.get_ident() == self._thread and self._hook.queue.began != 0

    def waited(self, call: str, frame: FrameType, nanoseconds: int) -> None:
        """A call that is known to wait has come to its end."""
        if place := self._blame.for_call(frame):
            finding = Finding(place.file, place.line, call, Cause.WAITS, nanoseconds / 1e9)
            self._book.add(finding, self._began())

    def handle_signal(self, handler: Callable[..., Any], *args: Any) -> Any:
        """Run a Python signal handler; one that interrupts the loop's sleep is a step."""
        if threading.get_ident() != self._thread or self._hook.queue.began:
            return handler(*args)
        self._hook.begin_step()
        try:
            return handler(*args)
        finally:
            self._hook.end_step(wall_clock())

    def thread_starts(self) -> None:
        """Another thread is about to run."""
        if self.is_started():
            self._instruments.thread_starts()

    def reserved_signal(self) -> int | None:
        """The signal that must stay unblocked."""
        return self._instruments.reserved_signal if self.is_started() else None

    def abandon(self) -> None:
        """Be silent for good: this is a forked copy, and the watch goes on in the original."""
        self._thread = 0
        self._hook.queue.due_at = NEVER

    def _collection(self, phase: str, info: dict[str, int]) -> None:
        # The youngest are many and their collections short: no more than this test for them.
        if info["generation"] == 0 or threading.get_ident() != self._thread:
            return
        if phase == "start":
            self._collecting_since = wall_clock()
        else:
            self._collected += wall_clock() - self._collecting_since

    # ── judging ──────────────────────────────────────────────────────────────────────────────────

    def _began(self) -> int:
        return self._hook.queue.began

    def _judge(self, step: int) -> None:
        evidence = self._instruments.evidence(step)
        evidence = replace(evidence, spins=self._blame.sees_spin(evidence.stacks))
        judgement = judge(evidence, self._threshold, self._is_user)
        if cause := _CAUSES.get(judgement.outcome):
            garbage = cause is Cause.COMPUTES and self._collected > judgement.held // 2
            place, call = self._blame.for_step(evidence.stacks, garbage=garbage)
            finding = Finding(place.file, place.line, call, cause, judgement.held / 1e9)
            if place.file is None and cause is Cause.WAITS:
                self._doubtful = True  # the loop's own work does not wait: the books are wrong
            else:
                self._book.add_step(finding, step)
        elif judgement.outcome is Outcome.INCONCLUSIVE:
            self._doubtful = True
        elif judgement.outcome is Outcome.KEPT_OUT:
            self._note_kept_out(KeptOut(_busiest(evidence.others), judgement.held / 1e9))


def _other_threads() -> int:
    """How many threads the program has started; `threading` does not count them all."""
    count: Callable[[], int] = vars(_thread)["_count"]
    return count()


def _busiest(others: Sequence[Spent]) -> str:
    return max(others, key=lambda spent: spent.cpu).name if others else "unknown"


def _abandon_in_child() -> None:
    for detector in tuple(_active):
        detector.abandon()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_abandon_in_child)
