"""Edits of a source text: a syntax node, or a run of statements, gives way to another."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

New: TypeAlias = "ast.expr | Sequence[ast.stmt]"
"""What stands in a node's place."""


@dataclass(frozen=True)
class Edit:
    """What an operator does at one place.

    Attributes:
        operator: What it does, in words.
        first: The node at which the replaced text begins.
        last: The node at which it ends; the same for one node.
        new: What stands there instead; no statement at all becomes `pass`.
    """

    operator: str
    first: Any
    last: Any
    new: New


def edit(operator: str, node: ast.AST, new: New) -> Edit:
    """Replace one node."""
    return Edit(operator, node, node, new)


def changed(node: Any, **fields: object) -> Any:  # noqa: ANN401 - a node of the same class
    """A copy of a node with other fields; the node itself stays as it is."""
    return type(node)(**{**{name: getattr(node, name) for name in node._fields}, **fields})


def apply(edit: Edit, source: str) -> str:
    """The source with this edit made; all other text stays as it was."""
    if not isinstance(edit.new, ast.expr):
        indent = " " * edit.first.col_offset
        statements = [_statement(one, source, indent) for one in edit.new] or ["pass"]
        return _spliced(edit, source, f"\n{indent}".join(statements))
    text = ast.unparse(ast.fix_missing_locations(edit.new))
    bare, apart = _spliced(edit, source, text), _spliced(edit, source, f"({text})")
    return bare if _parsed(apart) in (_parsed(bare), None) else apart


def _statement(node: ast.stmt, source: str, indent: str) -> str:
    """A statement as it was written, if it was; so that a difference shows nothing else."""
    if not hasattr(node, "lineno"):
        return ast.unparse(ast.fix_missing_locations(node)).replace("\n", f"\n{indent}")
    text = ast.get_source_segment(source, node) or ""
    return text.replace("\n" + " " * node.col_offset, f"\n{indent}")


def _spliced(edit: Edit, source: str, text: str) -> str:
    lines = source.encode().splitlines(keepends=True)
    top, bottom = edit.first.lineno - 1, edit.last.end_lineno - 1
    before = [*lines[:top], lines[top][: edit.first.col_offset]]
    after = [lines[bottom][edit.last.end_col_offset :], *lines[bottom + 1 :]]
    return b"".join([*before, text.encode(), *after]).decode()


def _parsed(source: str) -> str | None:
    """What a source says, without its form; None if it says nothing."""
    try:
        return ast.dump(ast.parse(source))
    except SyntaxError:
        return None
