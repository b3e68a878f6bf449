"""The mutation operators: each is a function from a node to the edits that it makes there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.mutants.operators import awaits, calls, conditions, exceptions, statements, values

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

    from bench.mutants.edits import Edit

MODULES = (statements, conditions, exceptions, awaits, calls, values)


def edits_at(node: ast.AST) -> Iterator[Edit]:
    """Everything that all operators do at this node."""
    for module in MODULES:
        for operator in module.OPERATORS:
            yield from operator(node)
