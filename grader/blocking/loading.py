"""Loads a program whose `main` is to be watched, and says in one sentence what is wrong with it."""

import importlib.util
import inspect
import sys
import traceback
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any

from .sources import is_user_file

Main = Callable[[], Coroutine[Any, Any, object]]


class ProgramError(Exception):
    """The program cannot be run, or did not end well; the text is one sentence about it."""


def load_main(file: Path) -> Main:
    """Import a file as `python FILE` would find its modules, and return its `main`.

    Raises:
        ProgramError: It cannot be imported, or it has no `async def main()`.
    """
    sys.path.insert(0, str(file.parent))
    sys.argv = [str(file)]
    try:
        module = _import(file)
    except BaseException as error:  # noqa: BLE001 - a program may raise whatever it likes, SystemExit too
        raise ProgramError(f"{file.name} could not be imported: {describe(error)}.") from None
    main = getattr(module, "main", None)
    if not inspect.iscoroutinefunction(main) or _requires_arguments(main):
        raise ProgramError(f"{file.name} has no `async def main()` without arguments.")
    _warm_up()
    return main


def describe(error: BaseException) -> str:
    """An error as a part of a sentence: its type, its text, and the program's line."""
    if isinstance(error, SyntaxError):
        return f"{error.msg} (line {error.lineno})"
    text = " ".join(str(error).split())
    what = type(error).__name__ + (f": {text}" if text else "")
    return what.rstrip(".") + _where(error.__traceback__)


def _where(trace: TracebackType | None) -> str:
    frames = [frame for frame in traceback.extract_tb(trace) if is_user_file(frame.filename)]
    return f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""


def _import(file: Path) -> object:
    # Not under the name of a module that is there already, which others may import.
    name = file.stem if file.stem not in sys.modules else f"probed_{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError("it is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _requires_arguments(main: Callable[..., object]) -> bool:
    try:
        inspect.signature(main).bind()
    except TypeError:
        return True
    return False


def _warm_up() -> None:
    """Import what libraries import at their first use on the loop: 70 to 140 ms for anyio."""
    lazily = ["concurrent.futures.thread", "encodings.idna"]
    if "anyio" in sys.modules:
        lazily.append("anyio._backends._asyncio")
    for name in lazily:
        importlib.import_module(name)
