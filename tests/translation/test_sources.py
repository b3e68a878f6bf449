"""No finding and no error is worded in the sources without being said."""

import ast
from itertools import chain
from pathlib import Path

import pytest

import grader
from translation.extracting import COUNT, SAY

PACKAGE = Path(grader.__file__).parent
SPEAKERS = {"finding", "Finding", "Broken", "Undecided", "_broken", "_refused", "_operation"}
ERRORS = {"UsageError", "MachineError", "ExerciseError"}
"""What learners read of a call is its text."""
TEXTS = {"text", "message"}
"""The names that a text has before it is given away."""
FOR_INSTRUCTORS = {"scaffold", "contract.py", "release", "templates", "batch", "report"}
"""Whoever writes a stage, hands it out or grades a class is told what is wrong in English."""
SOURCES = [
    path
    for path in sorted(PACKAGE.rglob("*.py"))
    if not {"blocking", "child", "exercises"} & set(path.relative_to(PACKAGE).parts)
    and not FOR_INSTRUCTORS & {*path.relative_to(PACKAGE).parts, f"{path.stem}.py", path.stem}
]


def unsaid(tree):
    """Line and text of each sentence that is made by hand."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node.func) in SPEAKERS | ERRORS:
            given = [*node.args, *(k.value for k in node.keywords if k.arg in TEXTS)]
            yield from chain.from_iterable(map(sentences, given))
        elif isinstance(node, ast.Assign) and name_of(node.targets[0]) in TEXTS:
            yield from sentences(node.value)


def sentences(node):
    """The texts of several words in an expression, outside of what is said."""
    if isinstance(node, ast.Call) and name_of(node.func) in SAY | COUNT:
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value.strip():
        yield node.lineno, node.value
    for child in ast.iter_child_nodes(node):
        yield from sentences(child)


def name_of(node):
    """What is called, or assigned to."""
    return getattr(node, "attr", getattr(node, "id", ""))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_sentences_are_said(path):
    """Each goes through `say`, or is marked for it by `later`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))

    assert list(unsaid(tree)) == []


def test_a_sentence_made_by_hand_is_seen():
    """The test above can fail."""
    source = 'raise Broken(kind, f"order {order} was paid twice")\ntext = "the loop stood still"\n'

    assert sorted(line for line, _ in unsaid(ast.parse(source))) == [1, 2]
