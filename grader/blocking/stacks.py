"""Stacks as plain values: read from a dump, cut to one step, and searched for the line at fault."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, pairwise
from opcode import opmap
from pathlib import Path
from types import CodeType, FrameType
from typing import NamedTuple

_HERE = str(Path(__file__).parent)
_HEAD = re.compile(r"^(Stack|Told|Seen) \(most recent call first\):$", re.MULTILINE)
_DUMP_LINE = re.compile(r'^  File "(.*)", line (\d+) in (.*)$', re.MULTILINE)
_LATE = ("Stack", "Told")
_DEEPEST = 100
_RESUME = opmap["RESUME"]
_ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))")

# What the library waits for on its own account, and briefly unless the machine is starved: the
# first run of a new thread, fork and exec under asyncio's own calls, the end of an executor's
# thread that has said goodbye.
_LIBRARY_WAITS = {
    ("threading.py", "start"),
    ("base_events.py", "subprocess_exec"),
    ("base_events.py", "subprocess_shell"),
    ("base_events.py", "shutdown_default_executor"),
}
_DEBUGGERS = {"bdb.py", "pdb.py", "pydevd.py"}


class Frame(NamedTuple):
    """One line of a stack."""

    file: str
    line: int
    function: str


Stack = tuple[Frame, ...]
"""Frames, innermost first."""

IsUser = Callable[[str], bool]
"""Tells by its name whether a file is the program's own."""


def stack_of(frame: FrameType | None) -> Stack:
    """Copy a live stack."""
    return tuple(_walk(frame))


def _walk(frame: FrameType | None) -> Iterator[Frame]:
    while frame is not None:
        yield Frame(frame.f_code.co_filename, frame.f_lineno or 0, frame.f_code.co_name)
        frame = frame.f_back


def frame_of(code: CodeType) -> Frame:
    """The first line of a function, for want of a better one."""
    return Frame(code.co_filename, code.co_firstlineno, code.co_name)


def dump_of(frame: FrameType | None, how: str) -> bytes:
    """A stack as faulthandler would write it, as deep as it would look.

    A function that has only just been called has done nothing yet, and so is no part of it.

    Args:
        frame: The innermost.
        how: "Told" by its own thread between two instructions, or "Seen" by another.
    """
    if frame is not None and frame.f_code.co_code[frame.f_lasti] == _RESUME:
        frame = frame.f_back
    lines = (f'  File "{f.file}", line {f.line} in {f.function}' for f in _walk(frame))
    text = "\n".join((f"{how} (most recent call first):", *islice(lines, _DEEPEST), ""))
    return text.encode("ascii", "backslashreplace")


def parse_dump(text: str) -> list[Stack]:
    """Read the stacks that faulthandler wrote, and those of `dump_of`.

    What is told first after a stack of faulthandler's is left out: that thread was asked inside a call of C, and had
    its first word at the line after it.

    Source: CPython `Python/traceback.c`, `_Py_DumpASCII`: what is not ASCII is written as an
    escape.
    """
    _, *parts = _HEAD.split(text)
    ways, dumps = ["", *parts[::2]], parts[1::2]
    timely = (dump for way, dump in zip(pairwise(ways), dumps, strict=True) if way != _LATE)
    return [stack for dump in timely if (stack := _parse_stack(dump))]


def _parse_stack(dump: str) -> Stack:
    return tuple(
        Frame(_unescape(file), int(line), _unescape(function))
        for file, line, function in _DUMP_LINE.findall(dump)
    )


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1] or match[2] or match[3], 16)), text)


def inside_step(stack: Stack) -> Stack:
    """The part of a stack that lies inside the loop's step, without our own frames."""
    inside: list[Frame] = []
    for frame in stack:
        if frame.function == "_run_once":
            break
        if not frame.file.startswith(_HERE):
            inside.append(frame)
    return tuple(inside)


def user_frame(stack: Iterable[Frame], is_user: IsUser) -> Frame | None:
    """The innermost frame of the program's own files."""
    return next((frame for frame in stack if is_user(frame.file)), None)


def is_librarys_own(stack: Stack, is_user: IsUser) -> bool:
    """Tell whether the library waits on its own account, whatever the program does."""
    for frame in stack:
        if is_user(frame.file):
            return False
        if (Path(frame.file).name, frame.function) in _LIBRARY_WAITS:
            return True
    return False


def is_debugged(stack: Stack) -> bool:
    """Tell whether a person at a debugger's prompt is what the program waits for."""
    return any(Path(frame.file).name in _DEBUGGERS for frame in stack)


def elect(stacks: Sequence[Stack], is_user: IsUser) -> Stack | None:
    """The stack whose line of the program was seen most often; None if no stack has one."""
    votes = Counter(frame for stack in stacks if (frame := _line_of(stack, is_user)))
    if not votes:
        return None
    winner = votes.most_common(1)[0][0]
    return next(stack for stack in stacks if _line_of(stack, is_user) == winner)


def _line_of(stack: Stack, is_user: IsUser) -> Frame | None:
    return user_frame(stack, is_user)
