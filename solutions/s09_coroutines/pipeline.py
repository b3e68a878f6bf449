"""Stage 9: a scheduler that runs a thousand coroutines on one thread, by `send` and `throw` alone."""

from __future__ import annotations

import sys
from bisect import insort
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass
from functools import partial
from operator import itemgetter, methodcaller
from typing import Any, TypeAlias

sys.path.append(f"{sys.path[0]}/../../exercises")  # so that this file runs by itself


class Cancelled(BaseException):
    """Thrown into a coroutine that is cancelled; no `except Exception` stops it."""


@dataclass(frozen=True)
class Request:
    """What a coroutine waits for: a generator yields it, an `async def` awaits it."""

    verb: str
    what: Any

    def __await__(self) -> Generator[Request, Any, Any]:
        return (yield self)


sleep = partial(Request, "sleep")  # sleep(seconds): go on when they have passed
readable = partial(Request, "readable")  # readable(sock): go on when there is something to read
join = partial(Request, "join")  # join(task): go on when it has ended, with what came of it
Routine: TypeAlias = "Generator[Request, Any, Any] | Coroutine[Request, Any, Any]"
Resume: TypeAlias = "Callable[[Routine], Request]"  # `send` of a value, or `throw` of an exception
GO_ON: Resume = methodcaller("send", None)


class Task:
    """A coroutine on its way through a scheduler."""

    def __init__(self, scheduler: Scheduler, routine: Routine) -> None:
        self.scheduler, self.routine = scheduler, routine
        self.joiners: list[Task] = []
        self.outcome: Resume | None = None  # how those go on who join it, once it has ended
        self.withdraw: Callable[[], object] = int  # takes back what it waits for

    def cancel(self) -> None:
        """Throw `Cancelled` at the `yield` where it stands, in its next turn."""
        self.scheduler.wake(self, methodcaller("throw", Cancelled()))


class Scheduler:
    """Runs coroutines in turns, on the thread of `run`; `select` is where it sleeps."""

    def __init__(self, clock: Callable[[], float], select: Callable[..., Any]) -> None:
        self._clock, self._select, self._alive = clock, select, 0
        self._ready: OrderedDict[Task, Resume] = OrderedDict()
        self._timers: list[tuple[float, Task]] = []
        self._readers: dict[Any, Task] = {}

    def spawn(self, routine: Routine) -> Task:
        """Take a coroutine in; it begins in its turn, not here."""
        self._alive += 1
        self._ready[task := Task(self, routine)] = GO_ON
        return task

    def run(self) -> None:
        """Run until every coroutine has ended; RuntimeError if those left wait for each other."""
        while self._alive:
            self._look()
            for _ in range(len(self._ready)):  # whoever is ready only now has the next turn
                self._step(*self._ready.popitem(last=False))

    def wake(self, task: Task, resume: Resume) -> None:
        """Have a coroutine go on so in its next turn, whatever it waits for."""
        if not task.outcome:
            task.withdraw()
            task.withdraw, self._ready[task] = int, resume

    def _look(self) -> None:
        timeout = max(0.0, self._timers[0][0] - self._clock()) if self._timers else None
        if timeout is None and not self._ready and not self._readers:
            raise RuntimeError("deadlock: the coroutines that are left wait for each other")
        for sock in self._select([*self._readers], [], [], 0.0 if self._ready else timeout)[0]:
            self.wake(self._readers[sock], GO_ON)
        while self._timers and self._timers[0][0] <= self._clock():
            self.wake(self._timers[0][1], GO_ON)

    def _step(self, task: Task, resume: Resume) -> None:
        try:
            request = resume(task.routine)
        except StopIteration as end:
            task.outcome = methodcaller("send", end.value)
        except (Exception, Cancelled) as error:  # noqa: BLE001 - whoever joins hears of it
            task.outcome = methodcaller("throw", error)
        else:
            self._begin(task, request)
        if task.outcome:
            self._alive -= 1
            for joiner in list(task.joiners):
                self.wake(joiner, task.outcome)

    def _begin(self, task: Task, request: Request) -> None:
        match request:
            case Request("sleep", seconds):
                timer = (self._clock() + seconds, task)
                insort(self._timers, timer, key=itemgetter(0))
                task.withdraw = partial(self._timers.remove, timer)
            case Request("readable", sock):
                self._readers[sock] = task
                task.withdraw = partial(self._readers.pop, sock)
            case Request("join", other) if other.outcome:
                self.wake(task, other.outcome)
            case Request(_, other):  # to be joined, and still alive
                other.joiners.append(task)
                task.withdraw = partial(other.joiners.remove, task)


if __name__ == "__main__":
    from shop.loops_by_hand import run_coroutines

    run_coroutines(Scheduler, sleep, readable, join)
