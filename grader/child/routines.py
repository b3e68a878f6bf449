"""Generators and coroutines of the judge's, for the submission's scheduler; a clock and a select that he answers."""

from __future__ import annotations

import select
from typing import TYPE_CHECKING, Any, Protocol

from grader.protocol.deeds import Endpoint, Routine
from grader.protocol.values import CallersBug, Listed, Value, pack, pack_error, unpack

if TYPE_CHECKING:
    import socket
    from collections.abc import Coroutine, Generator, Iterable
    from types import ModuleType

    from grader.protocol.deeds import Act, Deed


POLLS = 3
"""Looks in a row, while nobody goes on, for which the judge is not waited."""


class Desk(Protocol):
    """Where routines have their acts done, and from where the judge hears of them."""

    def do(self, deed: Deed, last: object) -> Any: ...  # noqa: ANN401 - whatever the submission gives
    def tell(self, number: int, arguments: Value) -> None: ...
    def ask(self, number: int, arguments: Value) -> Any: ...  # noqa: ANN401 - whatever the judge answers
    def number_of(self, sock: object) -> int: ...


class Routines:
    """Makes what a scheduler is given: routines, a clock, a select."""

    def __init__(self, desk: Desk, module: ModuleType) -> None:
        self._desk = desk
        self._module = module
        self._now = 0.0
        self._polls = 0

    def clock(self) -> float:
        """The judge's time."""
        return self._now

    def select(
        self,
        number: int,
        readers: Iterable[socket.socket],
        writers: Iterable[socket.socket],
        errors: Iterable[socket.socket],
        timeout: float | None = None,
    ) -> tuple[list[socket.socket], list[socket.socket], list[socket.socket]]:
        """Wait for the judge's word, and then look what is ready; whoever only looks need not wait for it.

        Raises:
            ValueError: The timeout is negative; `select.select` says the same.
        """
        if timeout is not None and timeout < 0:
            raise ValueError("timeout must be non-negative")
        socks = [*readers]
        numbers = Listed(tuple(map(self._desk.number_of, socks)))
        waits = timeout != 0 or self._polls >= POLLS
        told = Listed((numbers, pack(timeout), waits))
        if waits:
            self._now = self._desk.ask(number, told)
        else:
            self._polls += 1
            self._desk.tell(number, told)
        return select.select(socks, writers, errors, 0)

    def make(
        self, routine: Routine, last: object
    ) -> Generator[Any, Any, Any] | Coroutine[Any, Any, Any]:
        """One routine, which begins when it is resumed."""
        steps = self._steps(routine, last)
        return routine_of(steps) if routine.awaits else steps

    def _steps(self, routine: Routine, last: object) -> Generator[Any, Any, Any]:
        self._tell(routine, "begins", None)
        try:
            last = yield from self._act(routine, routine.acts, last)
        except self._module.Cancelled:
            yield from self._act(routine, routine.cleanup, last)
            if not routine.survives:
                raise
        if routine.raises:
            raise CallersBug(routine.raises)
        return last if routine.gives is None else unpack(routine.gives)

    def _act(self, routine: Routine, acts: Iterable[Act], last: object) -> Generator[Any, Any, Any]:
        for act in acts:
            for _ in range(act.times):
                last = self._desk.do(act.deed, last)
                if act.waits:
                    last = yield from self._wait(routine, last)
                    told = last if act.deed.what == "join" else None  # others promise no value
                    self._tell(routine, "goes on", told)
                elif isinstance(act.deed.of, Endpoint):
                    self._tell(routine, "has", last)
        return last

    def _wait(self, routine: Routine, request: Any) -> Generator[Any, Any, Any]:  # noqa: ANN401 - the submission's
        try:
            steps: Generator[Any, Any, Any]
            steps = request.__await__() if routine.awaits else yielded(request)
            return (yield from steps)
        except GeneratorExit:  # nobody will ever resume it
            raise
        except BaseException as error:
            self._tell(routine, "hears", error)
            raise

    def _tell(self, routine: Routine, what: str, value: object) -> None:
        self._polls = 0
        packed = pack_error(value) if isinstance(value, BaseException) else pack(value)
        self._desk.tell(routine.number, Listed((what, packed)))


def yielded(request: Any) -> Generator[Any, Any, Any]:  # noqa: ANN401 - the submission's
    """What a generator does with a request."""
    return (yield request)


async def routine_of(steps: Generator[Any, Any, Any]) -> Any:  # noqa: ANN401 - whatever the steps give
    """The same as an `async def`."""
    return await Awaited(steps)


class Awaited:
    """Steps that can be awaited."""

    def __init__(self, steps: Generator[Any, Any, Any]) -> None:
        self._steps = steps

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._steps
