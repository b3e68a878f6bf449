"""Finds in a source what learners read: what is said, a command's help, a check's title.

Babel's own extractor reads tokens. It sees neither docstrings nor which of two messages a conditional chooses, so this
one reads the syntax tree. Every message is a constant; what is not cannot be translated, and is not found.
"""

from __future__ import annotations

import ast
import inspect
from typing import TYPE_CHECKING, BinaryIO

from jinja2.ext import babel_extract

if TYPE_CHECKING:
    from collections.abc import Iterator

SAY = {"say", "later", "gettext"}
"""Functions whose first argument is a message."""
COUNT = {"say_count", "later_count", "ngettext"}
"""Functions whose first two arguments are a message for one and a message for many."""
Message = str | tuple[str, str]
"""A message, or one for one and one for many."""


def messages(source: str) -> Iterator[Message]:
    """Every message of a source, in its order; some more than once."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from _said(node)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _documented(node)


def sentences(template: BinaryIO) -> Iterator[Message]:
    """Every message of a jinja2 template; its places are `%(name)s`."""
    options = {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true"}
    for _, _, found, _ in babel_extract(template, ("_", "gettext", "ngettext"), (), options):
        texts = [found] if isinstance(found, str) else [text for text in found or () if text]
        yield texts[0] if len(texts) == 1 else (texts[0], texts[1])


def _said(call: ast.Call) -> Iterator[Message]:
    name = _last_name(call.func)
    if name in SAY and call.args:
        yield from _constants(call.args[0])
    elif name in COUNT:
        yield from zip(*map(_constants, call.args[:2]), strict=True)
    elif name in {"option", "version_option"}:
        for keyword in call.keywords:
            if keyword.arg == "help":
                yield from _constants(keyword.value)


def _documented(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Message]:
    """The help of a command, and the title of a check."""
    marks = {_last_name(getattr(mark, "func", mark)) for mark in function.decorator_list}
    text = inspect.cleandoc(ast.get_docstring(function, clean=False) or "")
    if marks & {"command", "group"}:
        yield text
    elif "check" in marks:
        yield text.partition("\n")[0]


def _constants(node: ast.expr) -> Iterator[str]:
    """The message itself, or both that a conditional may choose."""
    if isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value


def _last_name(node: ast.expr) -> str:
    return str(getattr(node, "attr", None) or getattr(node, "id", ""))
