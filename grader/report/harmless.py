r"""Text of strangers made harmless: nothing in it can move a cursor, hide a line or reverse it.

What a submission prints, raises and is written in ends up on the terminal of whoever grades it. An
escape sequence there can retitle the window or forge a line of the report, and a bidirectional
override can show a line other than the one that runs (CVE-2021-42574, "Trojan Source"). So every
character that cannot be seen is shown as the escape that Python would write for it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.report.content import Report

Record = TypeVar("Record", bound=msgspec.Struct)
_Plain: TypeAlias = (
    "str | float | bool | list[_Plain] | tuple[_Plain, ...] | dict[str, _Plain] | None"
)


def harmless(text: str, encoding: str = "utf-8") -> str:
    r"""Escape what cannot be seen, or not be written in `encoding`; newlines stay.

    Returns:
        Lines parted by `\n`, in which every character has a shape or is a space.
    """
    lines = text.replace("\r\n", "\n").expandtabs(4).split("\n")
    seen = "\n".join(line if line.isprintable() else _escaped(line) for line in lines)
    return seen.encode(encoding, "backslashreplace").decode(encoding)


def _escaped(line: str) -> str:
    return "".join(char if is_visible(char) else escape(char) for char in line)


def is_visible(char: str) -> bool:
    """Whether a character has a shape of its own, or is a space of any width."""
    return char.isprintable() or unicodedata.category(char) == "Zs"


def escape(char: str) -> str:
    r"""Write a character as Python would: `\x1b`, `\u202e`, `\U000e0001`."""
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def harmless_report(report: Report, encoding: str = "utf-8") -> Report:
    """Make every text in a report harmless, so that those who lay it out need not think of it.

    Only sources and output keep their lines; every other text comes out on one line.
    """

    def label(text: str) -> str:
        return harmless(text, encoding).replace("\n", " ")

    def field(name: str, text: str) -> str:
        return harmless(text, encoding) if name == "output" else label(text)

    def code(text: str) -> str:
        # Python ends a line at a lone return too, and line numbers have to agree with Python's.
        return harmless(re.sub(r"\r\n?", "\n", text), encoding)

    return replace(
        report,
        result=with_every_text(report.result, field),
        sources={label(stage): code(text) for stage, text in report.sources.items()},
        files={label(stage): label(path) for stage, path in report.files.items()},
        untouched=frozenset(label(stage) for stage in report.untouched),
        command=label(report.command),
        recordings={
            label(check): with_every_text(recording, field)
            for check, recording in report.recordings.items()
        },
    )


def with_every_text(record: Record, change: Callable[[str, str], str]) -> Record:
    """Put `change(name of the field, text)` in the place of every text inside a result, or a part of one."""
    return msgspec.convert(_changed("", msgspec.to_builtins(record), change), type(record))


def _changed(name: str, value: _Plain, change: Callable[[str, str], str]) -> _Plain:
    if isinstance(value, str):
        return change(name, value)
    if isinstance(value, (list, tuple)):
        return tuple(_changed(name, item, change) for item in value)
    if isinstance(value, dict):
        return {key: _changed(key, item, change) for key, item in value.items()}
    return value
