"""Exceptions: other types, raised without their cause, caught too widely or never, cleaning up forgotten."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from bench.mutants.edits import Edit, changed, edit

if TYPE_CHECKING:
    from collections.abc import Iterator

CAUGHT = ("BaseException", "Exception", "ZeroDivisionError")
"""What a handler may catch instead: all, all but cancellation, and nothing that happens here."""
RAISED = ("BaseException", "Exception", "ShopError", "RuntimeError")
"""What may be raised instead of the right thing."""


def raised(node: ast.AST) -> Iterator[Edit]:
    """Another error is raised, one without its cause, or it is returned."""
    if isinstance(node, ast.Raise) and node.exc:
        yield edit("returned, not raised", node, [ast.Return(node.exc)])
    if isinstance(node, ast.Raise) and node.cause:
        yield edit("cause left out", node, [changed(node, cause=None)])
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        for name in RAISED:
            yield edit("another exception raised", node.exc.func, ast.Name(name))


def caught(node: ast.AST) -> Iterator[Edit]:
    """A handler catches more, or nothing."""
    if isinstance(node, ast.ExceptHandler) and node.type:
        for name in CAUGHT:
            yield edit("another exception caught", node.type, ast.Name(name))


def handled(node: ast.AST) -> Iterator[Edit]:
    """A handler does nothing, or lets everything through."""
    if isinstance(node, ast.ExceptHandler):
        first, last = node.body[0], node.body[-1]
        yield Edit("handler does nothing", first, last, [])
        yield Edit("handler raises on", first, last, [ast.Raise()])


def tried(node: ast.AST) -> Iterator[Edit]:
    """A try loses its handlers one by one, its finally, or everything but its body."""
    if not isinstance(node, ast.Try):
        return
    yield edit("nothing caught", node, [*node.body, *node.orelse, *node.finalbody])
    for handler in node.handlers if len(node.handlers) > 1 else ():
        rest = [other for other in node.handlers if other is not handler]
        yield edit("handler left out", node, [changed(node, handlers=rest)])
    if node.finalbody and node.handlers:
        yield edit("finally left out", node, [changed(node, finalbody=[])])


OPERATORS = (raised, caught, handled, tried)
