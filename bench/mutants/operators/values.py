"""Values: constants a little off, lambdas that do nothing, sequences read backwards, in part, or without repeats."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from bench.mutants.edits import Edit, changed, edit

if TYPE_CHECKING:
    from collections.abc import Iterator


def constants(node: ast.AST) -> Iterator[Edit]:
    """A constant is another of its kind."""
    if isinstance(node, ast.Constant):
        for other in off(node.value):
            yield edit("another constant", node, ast.Constant(other))


def off(value: object) -> tuple[str | float | None, ...]:
    """Constants that are easily mistaken for this one."""
    match value:
        case bool():
            return (not value, None)
        case None:
            return (0, True)
        case int() | float():
            return (value + 1, value - 1)
        case str():
            return ("", value + "_")
        case _:
            return ()


def assigned(node: ast.AST) -> Iterator[Edit]:
    """A variable is given nothing."""
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
        yield edit("nothing assigned", node.value, ast.Constant(None))


def listed(node: ast.AST) -> Iterator[Edit]:
    """A list lacks one of its elements, or two of them have changed places."""
    if isinstance(node, ast.List):
        for place in range(len(node.elts)):
            rest = [*node.elts[:place], *node.elts[place + 1 :]]
            yield edit("element left out", node, changed(node, elts=rest))
        for place in range(len(node.elts) - 1):
            turned = [
                *node.elts[:place],
                node.elts[place + 1],
                node.elts[place],
                *node.elts[place + 2 :],
            ]
            yield edit("elements swapped", node, changed(node, elts=turned))


def iterated(node: ast.AST) -> Iterator[Edit]:
    """What is iterated over is read backwards, in part, without repeats, or twice."""
    if isinstance(node, ast.comprehension | ast.For):
        text = ast.unparse(node.iter)
        for how, form in (
            ("backwards", "list({})[::-1]"),
            ("without the first", "list({})[1:]"),
            ("without the last", "list({})[:-1]"),
            ("without repeats", "dict.fromkeys({})"),
            ("twice", "list({}) * 2"),
        ):
            yield edit(f"read {how}", node.iter, ast.parse(form.format(text), mode="eval").body)


def unfiltered(node: ast.AST) -> Iterator[Edit]:
    """A comprehension takes all."""
    if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
        for place, loop in enumerate(node.generators):
            if loop.ifs:
                loops = [*node.generators]
                loops[place] = changed(loop, ifs=[])
                yield edit("filter left out", node, changed(node, generators=loops))


def idle(node: ast.AST) -> Iterator[Edit]:
    """A lambda does nothing."""
    if isinstance(node, ast.Lambda):
        yield edit("lambda does nothing", node.body, ast.Constant(None))


OPERATORS = (constants, assigned, listed, iterated, unfiltered, idle)
