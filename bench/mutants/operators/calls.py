"""Calls: arguments left out, exchanged, emptied; the call itself replaced by what it was given."""

from __future__ import annotations

import ast
from itertools import pairwise
from typing import TYPE_CHECKING

from bench.mutants.edits import Edit, changed, edit

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTHING = ast.Constant(None)


def arguments(node: ast.AST) -> Iterator[Edit]:
    """An argument is left out, or is nothing; two neighbours change places."""
    if not isinstance(node, ast.Call):
        return
    for place, argument in enumerate(node.args):
        rest = [*node.args[:place], *node.args[place + 1 :]]
        yield edit("argument left out", node, changed(node, args=rest))
        if not isinstance(argument, ast.Starred):
            yield edit("argument is nothing", argument, NOTHING)
    for (place, one), (_, two) in pairwise(enumerate(node.args)):
        turned = [*node.args[:place], two, one, *node.args[place + 2 :]]
        yield edit("arguments swapped", node, changed(node, args=turned))


def keywords(node: ast.AST) -> Iterator[Edit]:
    """A keyword is left out."""
    if isinstance(node, ast.Call):
        for keyword in node.keywords:
            rest = [other for other in node.keywords if other is not keyword]
            yield edit("keyword left out", node, changed(node, keywords=rest))


def replaced(node: ast.AST) -> Iterator[Edit]:
    """A call gives nothing, what it was given, or is only named and not made."""
    if not isinstance(node, ast.Call):
        return
    yield edit("call gives nothing", node, NOTHING)
    yield edit("call not made", node, node.func)
    for argument in node.args:
        value = argument.value if isinstance(argument, ast.Starred) else argument
        yield edit("call gives its argument", node, value)


def spread(node: ast.AST) -> Iterator[Edit]:
    """A list is handed over whole, and not spread out."""
    if isinstance(node, ast.Starred):
        yield edit("star left out", node, node.value)


OPERATORS = (arguments, keywords, replaced, spread)
