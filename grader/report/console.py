"""The console that suits a stream, and lines that fit it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WIDTH = 80
_WIDEST = 100


def plain_console(stream: TextIO, width: int = _WIDTH) -> Console:
    """Make a console that writes letters only."""
    return _console(stream, width, coloured=False)


def console_for(stream: TextIO, environ: Mapping[str, str]) -> Console:
    """Make the console that suits a stream: its width, its encoding, and colour where it is wanted.

    Of the environment NO_COLOR, FORCE_COLOR, TERM and COLUMNS count.

    Source: no-color.org and force-color.org.
    """
    return _console(stream, _width(stream, environ), coloured=_wants_colour(stream, environ))


def _console(stream: TextIO, width: int, *, coloured: bool) -> Console:
    return Console(
        file=stream,
        width=width,
        height=25,  # without it rich thinks a dumb terminal 80 columns wide
        color_system="standard" if coloured else None,
        force_terminal=coloured,
        no_color=not coloured,
        highlight=False,
        markup=False,
        emoji=False,
    )


def _wants_colour(stream: TextIO, environ: Mapping[str, str]) -> bool:
    if environ.get("NO_COLOR") or environ.get("TERM") in {"dumb", "unknown"}:
        return False
    return bool(environ.get("FORCE_COLOR")) or stream.isatty()


def _width(stream: TextIO, environ: Mapping[str, str]) -> int:
    columns = environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return min(int(columns), _WIDEST)
    try:
        # A terminal that does not know its size says 0.
        return min(os.get_terminal_size(stream.fileno()).columns or _WIDTH, _WIDEST)
    except OSError:
        return _WIDTH


def can_carry(text: str, encoding: str) -> bool:
    """Whether a stream of this encoding can show these characters."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


# Lines


def wrapped(text: Text, console: Console, left: int = 0) -> Iterator[Text]:
    """Break a text at words, and longer words anywhere, into lines moved to the right."""
    for line in text.wrap(console, max(1, console.width - left)):
        yield Text(" " * left).append_text(line)


def cut(text: Text, width: int) -> Text:
    """Cut a line that is too long for the console."""
    if text.cell_len <= width:
        return text
    text.truncate(max(0, width - 3), overflow="crop")
    return text.append("..."[:width])
