"""All mutants of a source: each differs from it in one edit, compiles, and does not come to the same code."""

from __future__ import annotations

import ast
import difflib
import types
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.mutants.edits import apply
from bench.mutants.operators import edits_at
from bench.mutants.places import places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Key = tuple[str, str, str, tuple[str, ...], tuple[str, ...]]
"""Stage, function, operator, lines that went, lines that came: what an explanation holds on to."""


@dataclass(frozen=True)
class Mutant:
    """One program that differs from a solution in one edit.

    Attributes:
        operator: What was done, in words.
        within: Dotted name of the function in which it was done; "" at the top of the module.
        line: 1-based line of the solution at which the difference begins.
        gone: Lines of the solution that it lacks, without indentation.
        come: Lines that it has instead.
    """

    stage: str
    operator: str
    within: str
    line: int
    gone: tuple[str, ...]
    come: tuple[str, ...]
    source: str

    @property
    def key(self) -> Key:
        """What stays the same as long as these lines do."""
        return self.stage, self.within, self.operator, self.gone, self.come

    @property
    def diff(self) -> str:
        """The difference, in the form in which `docs/mutants.md` explains it."""
        marked = [f"- {line}" for line in self.gone] + [f"+ {line}" for line in self.come]
        return "\n".join([f"@@ {self.stage} {self.within or '.'}: {self.operator}", *marked])


def mutants_of(stage: str, source: str) -> Iterator[Mutant]:
    """Every mutant once, from top to bottom."""
    seen = {_meaning(source)}
    for place in places(ast.parse(source)):
        for edit in edits_at(place.node):
            mutated = apply(edit, source)
            meaning = _meaning(mutated)
            if meaning and meaning not in seen:
                seen.add(meaning)
                line, gone, come = difference(source, mutated)
                yield Mutant(stage, edit.operator, place.within, line, gone, come, mutated)


def difference(before: str, after: str) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    """Where two texts differ first, and the lines of code that went and came, without indentation."""
    old, new = before.splitlines(), after.splitlines()
    steps = [
        step
        for step in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()
        if step[0] != "equal"
    ]
    gone = _code_lines(line for _, begin, end, _, _ in steps for line in old[begin:end])
    come = _code_lines(line for _, _, _, begin, end in steps for line in new[begin:end])
    return steps[0][1] + 1 if steps else 0, gone, come


def _code_lines(lines: Iterable[str]) -> tuple[str, ...]:
    stripped = (line.strip() for line in lines)
    return tuple(line for line in stripped if line and not line.startswith("#"))


def _meaning(source: str) -> object:
    """What two equivalent sources have in common; None for one that does not compile."""
    try:
        code = compile(source, "pipeline.py", "exec", dont_inherit=True, optimize=2)
    except (SyntaxError, ValueError):
        return None
    return _code(code)


def _code(code: types.CodeType) -> object:
    """A code object without the places in the source that it remembers."""
    constants = tuple(
        _code(one) if isinstance(one, types.CodeType) else (type(one), repr(one))
        for one in code.co_consts
    )
    names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    shape = (code.co_name, code.co_flags, code.co_argcount, code.co_kwonlyargcount)
    return code.co_code, constants, names, shape, code.co_exceptiontable
