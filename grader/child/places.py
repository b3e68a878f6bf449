"""Where in the submission something happened: lines of frames, tracebacks and tasks."""

from __future__ import annotations

import asyncio
import re
import sys
from typing import TYPE_CHECKING, Any, cast

from grader.protocol.messages import TaskState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import FrameType, ModuleType

    from grader.protocol.messages import Signature

SUBMISSION = "pipeline.py"
"""The name under which the submission is compiled."""
_CREATED = re.compile(rf'File "{re.escape(SUBMISSION)}", line (\d+)')


def calling_line() -> int | None:
    """Line of the innermost frame of the submission on this thread's stack; else where its task was created."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - the documented way to walk the own stack
    while frame is not None:
        if frame.f_code.co_filename == SUBMISSION:
            return frame.f_lineno
        frame = frame.f_back
    return origin(_running_coroutine())


def raising_line(error: BaseException | None) -> int | None:
    """Line of the innermost frame of the submission in a traceback."""
    line = None
    entry = error.__traceback__ if error else None
    while entry is not None:
        if entry.tb_frame.f_code.co_filename == SUBMISSION:
            line = entry.tb_lineno
        entry = entry.tb_next
    if line is None and isinstance(error, BaseExceptionGroup):
        group = cast("BaseExceptionGroup[BaseException]", error)
        return next(filter(None, map(raising_line, group.exceptions)), None)
    return line


def created_line(text: str) -> int | None:
    """Line named in the "Coroutine created at" part of a warning."""
    lines = _CREATED.findall(text)
    return int(lines[-1]) if lines else None


def defining_line(thing: Any) -> int | None:  # noqa: ANN401 - a function, a class, or nothing
    """Line where a function, or the first method of a class, is defined."""
    found = [thing, *vars(thing).values()] if isinstance(thing, type) else [thing]
    codes = [getattr(function, "__code__", None) for function in found]
    lines = [code.co_firstlineno for code in codes if code and code.co_filename == SUBMISSION]
    return lines[0] if lines else None


def member(module: ModuleType, name: str) -> Any:  # noqa: ANN401 - whatever the submission defines
    """What a name with dots means in a module; None if nothing."""
    thing: Any = module
    for part in name.split("."):
        thing = getattr(thing, part, None)
    return thing


def defining_lines(module: ModuleType, wanted: Iterable[Signature]) -> dict[str, int]:
    """The same of all functions of a contract that the submission defines itself, by their own names."""
    lines: dict[str, int] = {}
    for signature in wanted:
        thing = member(module, signature.name)
        thing = getattr(thing, "__wrapped__", thing)  # a decorator's line tells little
        if line := defining_line(thing):
            lines[signature.name.rpartition(".")[2]] = line
    return lines


def callback_line(callback: Any) -> int | None:  # noqa: ANN401 - whatever the loop was given
    """Line where a callback will run: of a task where it stands, of a function its definition."""
    owner = getattr(callback, "__self__", None)
    if isinstance(owner, asyncio.Task):
        return task_state(cast("asyncio.Task[object]", owner)).line
    return defining_line(callback)


def task_state(task: asyncio.Task[Any]) -> TaskState:
    """A task by the submission's innermost frame in its chain of awaits."""
    return coroutine_state(task.get_coro())


def coroutine_state(coroutine: Any) -> TaskState:  # noqa: ANN401 - whatever a task runs
    """The same of a task of any kind, by the coroutine that it runs."""
    name, line = "", None
    awaited = coroutine
    while awaited is not None:
        frame = getattr(awaited, "cr_frame", None) or getattr(awaited, "gi_frame", None)
        if frame is not None and frame.f_code.co_filename == SUBMISSION:
            name, line = frame.f_code.co_name, frame.f_lineno
        awaited = getattr(awaited, "cr_await", None) or getattr(awaited, "gi_yieldfrom", None)
    return TaskState(
        name or getattr(coroutine, "__qualname__", "a task"), line or origin(coroutine)
    )


def _running_coroutine() -> object:
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return None
    return task.get_coro() if task else None


def origin(coroutine: object) -> int | None:
    """Line that made a coroutine."""
    for filename, line, _ in getattr(coroutine, "cr_origin", None) or ():
        if filename == SUBMISSION:
            return int(line)
    return None
