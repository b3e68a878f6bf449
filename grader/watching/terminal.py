"""A terminal that is drawn on and gives keys, and a stream on which verdicts are appended."""

from __future__ import annotations

import os
import sys
import termios
import tty
from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING, Protocol

from grader.report.console import console_for
from grader.watching.screen import screen, verdict

if TYPE_CHECKING:
    from collections.abc import Generator

    from rich.console import Console
    from rich.text import Text

    from grader.watching.session import State

ENTER, LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
"""The other screen without a cursor, and back."""
HOME, REST_OF_LINE, REST_OF_SCREEN = "\x1b[H", "\x1b[K", "\x1b[J"
HEIGHT = 24
"""Lines of a terminal that does not know its size."""


class Surface(Protocol):
    """Where a watch shows itself."""

    keys: int | None

    def show(self, state: State, *, graded: bool) -> None: ...


class Drawn:
    """Draws the whole screen anew; a frame is one write, so nothing flickers.

    Attributes:
        keys: Descriptor on which keys arrive.
    """

    def __init__(self) -> None:
        self.keys: int | None = sys.stdin.fileno()

    def show(self, state: State, *, graded: bool) -> None:  # noqa: ARG002 - see Surface
        """Draw a state as large as the terminal is now."""
        console = console_for(sys.stdout, os.environ)
        lines = screen(state, console, _height())
        frame = f"{REST_OF_LINE}\n".join(_printed(line, console) for line in lines)
        sys.stdout.write(f"{HOME}{frame}{REST_OF_LINE}{REST_OF_SCREEN}")
        sys.stdout.flush()


class Appended:
    """Prints each verdict below the one before; takes no keys."""

    def __init__(self) -> None:
        self.keys: int | None = None
        self._said = ""

    def show(self, state: State, *, graded: bool) -> None:
        """Print the verdict if there is a new one, and else what is said if that is new."""
        console = console_for(sys.stdout, os.environ)
        if graded and state.reply is not None:
            self._print(verdict(state, console), console)
        elif state.said and state.said != self._said:
            self._print([console.render_str(state.said)], console)
        self._said = state.said

    @staticmethod
    def _print(lines: list[Text], console: Console) -> None:
        for line in lines:
            line.rstrip()
            console.print(line, soft_wrap=True)
        console.print()
        sys.stdout.flush()


def _printed(line: Text, console: Console) -> str:
    """A line with its colours, as this console would print it."""
    stream, console.file = console.file, StringIO()
    try:
        console.print(line, end="", soft_wrap=True)
        return console.file.getvalue()
    finally:
        console.file = stream


def _height() -> int:
    try:
        return os.get_terminal_size(sys.stdout.fileno()).lines or HEIGHT
    except OSError:
        return HEIGHT


@contextmanager
def surface() -> Generator[Surface]:
    """What suits the standard streams; a terminal is left as it was found."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM") == "dumb":
        yield Appended()
        return
    before = termios.tcgetattr(sys.stdin)
    try:
        tty.setcbreak(sys.stdin)
        sys.stdout.write(ENTER)
        yield Drawn()
    finally:
        sys.stdout.write(LEAVE)
        sys.stdout.flush()
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
