"""Statements: left out, said twice, in another order; returns, breaks, withs and definitions undone."""

from __future__ import annotations

import ast
from itertools import pairwise
from typing import TYPE_CHECKING

from bench.mutants.edits import Edit, changed, edit
from bench.mutants.places import blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
NOTHING = ast.Constant(None)


def left_out(node: ast.AST) -> Iterator[Edit]:
    """Each statement is left out, with all that it holds; a definition would be missed at once."""
    if isinstance(node, ast.stmt) and not isinstance(node, DEFINITIONS):
        yield edit("statement left out", node, [])


def said_twice(node: ast.AST) -> Iterator[Edit]:
    """A statement with an effect is said twice; to give a variable the same value again is none."""
    calls = any(isinstance(part, ast.Call) for part in ast.walk(node))
    if isinstance(node, ast.AugAssign) or (isinstance(node, ast.Expr | ast.Assign) and calls):
        yield edit("statement said twice", node, [node, node])


def swapped(node: ast.AST) -> Iterator[Edit]:
    """Two neighbours change places, if that can matter."""
    for block in blocks(node):
        for one, two in pairwise(block):
            if not independent(one, two):
                yield Edit("neighbours swapped", one, two, [two, one])


def independent(one: ast.stmt, two: ast.stmt) -> bool:
    """Whether two statements provably do the same in either order: both only bind names, and not each other's."""
    if not (_only_binds(one) and _only_binds(two)):
        return False
    return not (_bound(one) & _mentioned(two) or _bound(two) & _mentioned(one))


def _only_binds(node: ast.stmt) -> bool:
    """A definition without decorators and defaults, or an assignment that calls nothing."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return not (node.decorator_list or node.args.defaults or any(node.args.kw_defaults))
    running = (ast.Call, ast.Await, ast.Subscript, ast.Yield)
    return isinstance(node, ast.Assign) and not any(isinstance(n, running) for n in ast.walk(node))


def _bound(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.Assign):
        return {ast.unparse(target) for target in node.targets}
    return {node.name} if isinstance(node, DEFINITIONS) else set()


def _mentioned(node: ast.stmt) -> set[str]:
    """What the statement reads or binds when it runs; the body of a function does not run yet."""
    if isinstance(node, DEFINITIONS):
        return {node.name}
    parts = (n for n in ast.walk(node) if isinstance(n, ast.Name | ast.Attribute))
    return {ast.unparse(part) for part in parts}


def returned(node: ast.AST) -> Iterator[Edit]:
    """A return gives nothing, or does not end the function."""
    if isinstance(node, ast.Return) and node.value:
        yield edit("returns nothing", node, [ast.Return(NOTHING)])
        yield edit("return forgotten", node, [ast.Expr(node.value)])


def broken_off(node: ast.AST) -> Iterator[Edit]:
    """A loop is left where it should go on, or the other way round."""
    if isinstance(node, ast.Break):
        yield edit("continue for break", node, [ast.Continue()])
    if isinstance(node, ast.Continue):
        yield edit("break for continue", node, [ast.Break()])


def unwrapped(node: ast.AST) -> Iterator[Edit]:
    """A with or a loop leaves only its body."""
    if isinstance(node, ast.With | ast.AsyncWith | ast.While | ast.For | ast.AsyncFor):
        yield edit("only the body", node, node.body)


def without_else(node: ast.AST) -> Iterator[Edit]:
    """What happens otherwise does not happen."""
    if isinstance(node, ast.If | ast.Try | ast.While | ast.For) and node.orelse:
        yield edit("else left out", node, [changed(node, orelse=[])])


def undefined(node: ast.AST) -> Iterator[Edit]:
    """A decorator does nothing; a class loses one of its bases."""
    if isinstance(node, DEFINITIONS):
        for decorator in node.decorator_list:
            same = ast.parse("lambda it: it", mode="eval").body
            yield edit("decorator does nothing", decorator, same)
    if isinstance(node, ast.ClassDef):
        for base in node.bases:
            yield edit("another base class", base, ast.Name("object"))


OPERATORS = (
    left_out,
    said_twice,
    swapped,
    returned,
    broken_off,
    unwrapped,
    without_else,
    undefined,
)
