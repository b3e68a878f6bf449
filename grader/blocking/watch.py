"""One test under the detector; imported by the first test that asks for it."""

import asyncio
import contextlib
import functools
import inspect
import threading
import warnings
from collections.abc import Callable, Coroutine, Generator
from typing import Any, NoReturn

import pytest

from .detector import Detector
from .findings import Report
from .hook import Unobservable


class NeverBlocksWarning(pytest.PytestWarning):
    """A watch that could not tell."""


class Watch:
    """One test under the detector."""

    def __init__(self, threshold: float) -> None:
        self._detector = Detector(threshold)
        self._thread = threading.get_ident()
        self._report: Report | None = None

    @contextlib.contextmanager
    def around(self, item: pytest.Function) -> Generator[None]:
        """Put ourselves inside the coroutine that the test's own plugin will run."""
        holder, name = place_of_test(item)
        test = getattr(holder, name)
        if not inspect.iscoroutinefunction(test):
            _refuse("this test is not an `async def`, so there is no event loop to watch")
        setattr(holder, name, self._watched(test))
        try:
            yield
        finally:
            setattr(holder, name, test)

    def conclude(self, item: pytest.Item) -> None:
        """Fail the test if its loop was blocked, or if nobody can tell."""
        if self._report is None:
            _refuse("the test's coroutine was never run, so nothing was watched")
        if self._report.blocked:
            pytest.fail(_describe(self._report), pytrace=False)
        if not self._report.intact:
            _refuse("the watch was cut short by the test itself")
        if self._report.inconclusive:
            message = (
                f"{item.nodeid}: the machine was too busy to tell whether the loop was blocked"
            )
            warnings.warn(NeverBlocksWarning(message), stacklevel=1)

    def _watched(self, test: Callable[..., Coroutine[Any, Any, object]]) -> Callable[..., Any]:
        @functools.wraps(test)
        async def watched(*args: object, **kwargs: object) -> object:
            self._start()
            try:
                return await test(*args, **kwargs)
            finally:
                self._report = self._detector.stop()

        return watched

    def _start(self) -> None:
        loop = _running_loop()
        if loop is None:
            _refuse("the test does not run on asyncio, and only asyncio's loop can be watched")
        if threading.get_ident() != self._thread:
            _refuse("the test's loop runs in another thread, where it cannot be watched")
        try:
            self._detector.start(loop)
        except Unobservable as error:
            _refuse(str(error))


def _refuse(why: str) -> NoReturn:
    """Fail a test that cannot be watched: to pass it would say that it was."""
    pytest.fail(f"never_blocks: {why}", pytrace=False)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    with contextlib.suppress(RuntimeError):
        return asyncio.get_running_loop()
    return None


def place_of_test(item: pytest.Function) -> tuple[object, str]:
    """Where the test's coroutine function is kept: hypothesis has it one level below."""
    hypothesis = getattr(item.obj, "hypothesis", None)
    return (item, "obj") if hypothesis is None else (hypothesis, "inner_test")


def _describe(report: Report) -> str:
    lines = ["never_blocks: the event loop was blocked"]
    for finding in report.blocked:
        lines += [f"  {finding}", f"    {finding.hint}"]
    return "\n".join(lines)
