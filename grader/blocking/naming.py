"""Names the call on a line: from the frames below it, or else from its source."""

import ast
import linecache
from functools import lru_cache
from pathlib import Path

from .stacks import Frame, IsUser, Stack

_CLOCKS = {
    f"time.{clock}{unit}" for clock in ("time", "monotonic", "perf_counter") for unit in ("", "_ns")
} | {"datetime.now", "datetime.datetime.now"}
_CHEAP = {"enumerate", "isinstance", "iter", "len", "range", "zip"}  # never what takes the time


def call_at(stack: Stack, is_user: IsUser) -> str | None:
    """The call that the program's innermost frame was in, as it would be written in full.

    Args:
        stack: Innermost frame first.
        is_user: Tells the program's own files.
    """
    place = next((i for i, frame in enumerate(stack) if is_user(frame.file)), None)
    if place is None:
        return None
    written = _calls_on(stack[place])
    if place == 0:
        return next((call for call in written if call not in _CHEAP), None)
    entered = stack[place - 1].function
    return next(
        (call for call in written if call.split(".")[-1] == entered),
        _outside(stack[place - 1], written),
    )


def spins(frame: Frame) -> bool:
    """Tell whether a line lies in a `while` loop that looks at the clock."""
    names = _imported(frame.file)
    return any(
        _looks_at_clock(loop, names)
        for loop in ast.walk(_parsed(frame.file) or ast.Module([], []))
        if isinstance(loop, ast.While) and loop.lineno <= frame.line <= (loop.end_lineno or 0)
    )


def _looks_at_clock(loop: ast.While, names: dict[str, str]) -> bool:
    calls = (_dotted(node.func) for node in ast.walk(loop) if isinstance(node, ast.Call))
    written = (_in_full(call, names) for call in calls if call)
    return any(call in _CLOCKS or call.endswith("loop.time") for call in written)


def _outside(entered: Frame, written: tuple[str, ...]) -> str:
    """A library's function whose name the line does not say: a property, `with`, an import."""
    if len(written) == 1 and entered.function.startswith("__"):
        return written[0]
    return f"{Path(entered.file).stem}.{entered.function}"


def _calls_on(frame: Frame) -> tuple[str, ...]:
    tree = _parsed(frame.file)
    if tree is None:
        return ()
    names = _imported(frame.file)
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    dotted = (
        _dotted(call.func)
        for call in calls
        if (call.end_lineno or call.lineno) >= frame.line >= call.lineno
    )
    return tuple(_in_full(name, names) for name in dotted if name)


@lru_cache(maxsize=32)
def _parsed(file: str) -> ast.Module | None:
    try:
        return ast.parse("".join(linecache.getlines(file)))
    except (SyntaxError, ValueError):
        return None


@lru_cache(maxsize=32)
def _imported(file: str) -> dict[str, str]:
    """What each imported name stands for, as `s` for `time.sleep`."""
    names: dict[str, str] = {}
    for node in ast.walk(_parsed(file) or ast.Module([], [])):
        if isinstance(node, ast.Import):
            names |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {
                alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names
            }
    return names


def _dotted(node: ast.expr) -> str | None:
    """`a.b.c` as text; the last name only, where something is called to get there."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value) if isinstance(node.value, ast.Name | ast.Attribute) else None
        return f"{before}.{node.attr}" if before else node.attr
    return None


def _in_full(name: str, names: dict[str, str]) -> str:
    first, dot, rest = name.partition(".")
    return names.get(first, first) + dot + rest
