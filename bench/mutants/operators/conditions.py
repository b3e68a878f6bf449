"""Conditions: the contrary, always, never; comparisons and connectives exchanged."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from bench.mutants.edits import Edit, changed, edit

if TYPE_CHECKING:
    from collections.abc import Iterator

EXCHANGED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}


def decided(node: ast.AST) -> Iterator[Edit]:
    """A condition is turned round, or decided beforehand."""
    if isinstance(node, ast.If | ast.While | ast.IfExp | ast.Assert):
        yield edit("condition negated", node.test, negated(node.test))
        yield edit("condition always true", node.test, ast.Constant(True))
        yield edit("condition never true", node.test, ast.Constant(False))


def negated(test: ast.expr) -> ast.expr:
    """The contrary, without a double negation."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return test.operand
    return ast.UnaryOp(ast.Not(), test)


def compared(node: ast.AST) -> Iterator[Edit]:
    """A comparison becomes one that is easily taken for it."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in EXCHANGED[type(node.ops[0])]:
            yield edit("comparison exchanged", node, changed(node, ops=[other()]))


def connected(node: ast.AST) -> Iterator[Edit]:
    """`and` becomes `or`, `or` becomes `and`; and each part stands alone."""
    if isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield edit(
            "and for or" if isinstance(other, ast.And) else "or for and",
            node,
            changed(node, op=other),
        )
        for part in node.values:
            yield edit("one part of a condition", node, part)


OPERATORS = (decided, compared, connected)
