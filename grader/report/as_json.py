"""The result as JSON, version 1, for programs; `schema_v1.json` beside this file describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from grader.report.harmless import escape, is_visible, with_every_text

if TYPE_CHECKING:
    from grader.report.content import Report


def render(report: Report) -> str:
    """Encode the result in lines of indented JSON.

    The text is UTF-8 without a character that a terminal would obey: those are written as JSON
    escapes, which mean the same to whoever decodes it.
    """
    result = with_every_text(report.result, _without_surrogates)
    encoded = msgspec.json.format(msgspec.json.encode(result), indent=2).decode()
    lines = (line if line.isprintable() else _escaped(line) for line in encoded.split("\n"))
    return "\n".join(lines) + "\n"


def _escaped(line: str) -> str:
    return "".join(char if is_visible(char) else _json_escape(char) for char in line)


def _without_surrogates(_field: str, text: str) -> str:
    """Write out lone surrogates, which UTF-8 cannot carry: a file name may hold some."""
    return "".join(escape(char) if "\ud800" <= char <= "\udfff" else char for char in text)


def _json_escape(char: str) -> str:
    r"""Write a character as JSON does: `\u202e`, and a pair of those beyond the first plane."""
    units = char.encode("utf-16-be")
    pairs = (units[start : start + 2] for start in range(0, len(units), 2))
    return "".join(f"\\u{int.from_bytes(pair, 'big'):04x}" for pair in pairs)
