"""Stage 9: a scheduler that runs a thousand coroutines on one thread, by `send` and `throw` alone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass
from functools import partial
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
        # TODO: one line. What does `await` do with what this yields, and with what it returns?
        raise NotImplementedError("Stage 9: write __await__, so that a request can be awaited.")


sleep = partial(Request, "sleep")  # sleep(seconds): go on when they have passed
readable = partial(Request, "readable")  # readable(sock): go on when there is something to read
join = partial(Request, "join")  # join(task): go on when it has ended, with what came of it
Routine: TypeAlias = "Generator[Request, Any, Any] | Coroutine[Request, Any, Any]"


class Task:
    """A coroutine on its way through a scheduler."""

    def cancel(self) -> None:
        """Throw `Cancelled` at the `yield` where it stands, in its next turn."""
        # TODO: about five lines. Where is it noted that this coroutine waits?
        raise NotImplementedError("Stage 9: write Task.cancel.")


class Scheduler:
    """Runs coroutines in turns, on the thread of `run`; `select` is where it sleeps.

    Args:
        clock: Tells the time in seconds, as `time.monotonic` does.
        select: Called as `select.select` is: `select(socks, [], [], timeout)`.
    """

    def __init__(self, clock: Callable[[], float], select: Callable[..., Any]) -> None:
        # TODO: who is ready, who sleeps until when, who waits for which socket; about five lines.
        self._clock, self._select = clock, select

    def spawn(self, routine: Routine) -> Task:
        """Take a coroutine in; it begins in its turn, not here."""
        # TODO: three lines.
        raise NotImplementedError("Stage 9: write Scheduler.spawn.")

    def run(self) -> None:
        """Run until every coroutine has ended; RuntimeError if those left wait for each other."""
        # TODO: sleep until somebody can go on, then one step of each who can; about 35 lines, in
        # three or four methods. What does `send` give when a coroutine yields, and when it ends?
        raise NotImplementedError("Stage 9: write Scheduler.run.")


if __name__ == "__main__":
    from shop.loops_by_hand import run_coroutines

    run_coroutines(Scheduler, sleep, readable, join)
