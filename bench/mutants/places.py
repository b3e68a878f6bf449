"""Where a solution is mutated: in what learners write, not in its types, its docstrings or what is run by hand."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

WRITTEN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.AnnAssign)
"""What counts at the top of a module: functions, classes, and constants that a stage asks for by name."""
TYPES = {"annotation", "returns", "type_comment", "type_params", "ctx"}
"""Fields that change nothing when a program runs."""


@dataclass(frozen=True)
class Place:
    """A node, and the function around it.

    Attributes:
        within: Dotted name of that function, or its own; "" at the top of the module.
    """

    node: ast.AST
    within: str


def places(tree: ast.Module) -> Iterator[Place]:
    """All nodes that are worth a mutation, from top to bottom."""
    for statement in tree.body:
        if isinstance(statement, WRITTEN) and not _names_a_type(statement):
            yield from _below(statement, "")


def _names_a_type(node: ast.stmt) -> bool:
    """Whether this is a `TypeAlias`, which nothing but annotations looks at."""
    return isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "TypeAlias"


def blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The runs of statements directly in a node, without docstrings."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list):
            yield [statement for statement in block if not is_docstring(statement)]


def is_docstring(node: ast.AST) -> bool:
    """Whether this is a text that stands by itself."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _below(node: ast.AST, within: str) -> Iterator[Place]:
    if is_docstring(node):
        return
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        within = f"{within}.{node.name}".lstrip(".")
    yield Place(node, within)
    for name, value in ast.iter_fields(node):
        if name not in TYPES and not (isinstance(node, ast.ClassDef) and name == "bases"):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from _below(child, within)
