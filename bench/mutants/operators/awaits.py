"""What is peculiar to asynchronous programs: awaits, shields, groups that go on, tasks that nobody keeps."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from bench.mutants.edits import Edit, changed, edit

if TYPE_CHECKING:
    from collections.abc import Iterator

LIKE = {
    "cancel": ("done",),
    "cancelled": ("done",),
    "create_task": ("run_until_complete",),
    "done": ("cancelled",),
    "exception": ("result",),
    "result": ("exception",),
    "set_exception": ("set_result",),
    "set_result": ("set_exception",),
}
"""Methods of futures and loops that are taken for each other."""


def awaited(node: ast.AST) -> Iterator[Edit]:
    """An await is forgotten, or shielded from cancellation."""
    if isinstance(node, ast.Await):
        yield edit("await forgotten", node, node.value)
        shield = ast.Attribute(ast.Name("asyncio"), "shield")
        yield edit("shielded", node, ast.Await(ast.Call(shield, [node.value], [])))


def gathered(node: ast.AST) -> Iterator[Edit]:
    """A gather takes exceptions for results."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "gather":
            kept = ast.keyword("return_exceptions", ast.Constant(True))
            yield edit(
                "exceptions as results", node, changed(node, keywords=[*node.keywords, kept])
            )
        for name in LIKE.get(node.func.attr, ()):
            yield edit("another method", node, changed(node, func=changed(node.func, attr=name)))


def referred(node: ast.AST) -> Iterator[Edit]:
    """A method that is handed over becomes one that is taken for it."""
    if isinstance(node, ast.Call):
        for argument in node.args:
            if isinstance(argument, ast.Attribute):
                for name in LIKE.get(argument.attr, ()):
                    yield edit("another method", argument, changed(argument, attr=name))


def undone(node: ast.AST) -> Iterator[Edit]:
    """A coroutine function becomes a plain one, where its body allows that."""
    if isinstance(node, ast.AsyncFunctionDef):
        fields = {name: getattr(node, name) for name in node._fields}
        yield edit("async forgotten", node, [ast.FunctionDef(**fields)])


OPERATORS = (awaited, gathered, referred, undone)
