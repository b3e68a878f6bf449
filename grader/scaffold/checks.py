"""The checks of a stage, read without running them."""

from __future__ import annotations

import ast
import difflib
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

from grader.errors import ExerciseError, UsageError
from grader.language import later, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHECKS_FILE = "test_pipeline.py"


@dataclass(frozen=True, slots=True)
class Check:
    """What the source of a check says about it.

    Attributes:
        title: First line of the docstring.
        points: Of all its parameters together, > 0.
        rules: Names of the rules, separated by spaces; may be empty.
        hint: Slug of its hints in the READMEs; "" if it has none.
        bonus: Whether its points come on top of the stage's.
        line: 1-based line of its name.
    """

    name: str
    title: str
    points: float
    rules: str
    hint: str
    bonus: bool
    line: int


def read_checks(stage: Path) -> tuple[Check, ...]:
    """Read a stage's checks, in the order of the exercise.

    Raises:
        ExerciseError: There are no checks, or a check does not say what it must.
    """
    path = stage / CHECKS_FILE
    return parse_checks(read(path), f"{stage.name}/{CHECKS_FILE}")


def stage_points(checks: tuple[Check, ...]) -> float:
    """Add up a stage; bonus checks do not count."""
    return round(sum(check.points for check in checks if not check.bonus), 2)


def check_of(stage: Path, name: str) -> str:
    """The check of a stage that a name means, with or without its `test_`.

    Raises:
        UsageError: There is none.
    """
    known = [check.name for check in read_checks(stage)]
    found = next((one for one in (name, f"test_{name}") if one in known), None)
    if found is None:
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.4) or known[:3]
        text = later("{stage} has no check {name!r}; did you mean one of these: {near}")
        raise UsageError(say(text, stage=stage.name, name=name, near=", ".join(near)))
    return found


def parse_checks(source: str, place: str) -> tuple[Check, ...]:
    """Find the functions marked `@pytest.mark.check(...)`; `place` names the file in errors."""
    try:
        module = ast.parse(source)
    except SyntaxError as error:
        raise ExerciseError(f"{place}, line {error.lineno}: {error.msg}.") from error
    checks = tuple(
        parse_check(node, mark, module, place)
        for node in module.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for mark in marks(node, "pytest.mark.check")
    )
    if not checks:
        raise ExerciseError(f"{place} has no check: mark one with @pytest.mark.check(points=1).")
    return checks


def parse_check(
    node: ast.FunctionDef | ast.AsyncFunctionDef, mark: ast.Call, module: ast.Module, place: str
) -> Check:
    """Turn a marked function into a value.

    Raises:
        ExerciseError: It has no docstring, or the mark's arguments are no plain values.
    """
    place = f"{place}, line {node.lineno}: {node.name}"
    docstring = ast.get_docstring(node)
    if not docstring:
        raise ExerciseError(f"{place} needs a docstring: its first line is what learners read.")
    said = {keyword.arg: literal(keyword.value, place) for keyword in mark.keywords}
    points = said.get("points")
    if not isinstance(points, int | float) or points <= 0:
        raise ExerciseError(f"{place} needs points: @pytest.mark.check(points=1).")
    variants = prod(
        count_values(parameters, module, place)
        for parameters in marks(node, "pytest.mark.parametrize")
    )
    return Check(
        name=node.name,
        title=docstring.partition("\n")[0].strip(),
        points=points * variants,
        rules=str(said.get("rules", "")),
        hint=str(said.get("hint", "")),
        bonus=bool(said.get("bonus", False)),
        line=node.lineno,
    )


def marks(node: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> Iterator[ast.Call]:
    """Find the decorators of that name that are called with arguments."""
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == name:
            yield decorator


def count_values(parameters: ast.Call, module: ast.Module, place: str) -> int:
    """Count the values of a `parametrize`, written in it or in a constant of the module."""
    values: ast.expr | None = parameters.args[1] if len(parameters.args) > 1 else None
    if isinstance(values, ast.Name):
        values = constant(module, values.id)
    if isinstance(values, ast.List | ast.Tuple):
        return len(values.elts)
    if isinstance(values, ast.Dict):
        return len(values.keys)
    raise ExerciseError(f"{place}: write the values of parametrize as a list or a constant.")


def constant(module: ast.Module, name: str) -> ast.expr | None:
    """Find what a name is set to at the top of a module; None if it is not."""
    for node in module.body:
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign):
            targets = [node.target]
        else:
            continue
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return node.value
    return None


def literal(node: ast.expr, place: str) -> Any:  # noqa: ANN401 - whatever was written there
    """Evaluate a plain value.

    Raises:
        ExerciseError: It is not one.
    """
    try:
        return ast.literal_eval(node)
    except ValueError as error:
        raise ExerciseError(f"{place}: write {ast.unparse(node)} as a plain value.") from error


def read(path: Path) -> str:
    """Read a file of an exercise.

    Raises:
        ExerciseError: It is not there, or not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ExerciseError(f"{path.parent.name} has no {path.name}.") from None
    except UnicodeDecodeError as error:
        raise ExerciseError(f"{path.parent.name}/{path.name} is not UTF-8: {error}.") from error
