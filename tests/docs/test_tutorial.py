"""The tutorial is done, step by step, and its terminals say what the grader says."""

import ast
import json
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = (ROOT / "docs/tutorial.md").read_text(encoding="utf-8")
STARTER = (ROOT / "exercises/s01_callbacks/pipeline.py").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
GRADED = "nox -s grade -- s01 --seed 7"


def with_definition(source, definition):
    """The program after a learner put a definition in the place of that of the same name, or before the last lines."""
    (new,) = ast.parse(definition).body
    lines = source.splitlines(keepends=True)
    for old in ast.walk(ast.parse(source)):
        if name_of(old) == name_of(new):
            indented = textwrap.indent(definition, " " * old.col_offset)
            return "".join([*lines[: old.lineno - 1], indented, *lines[old.end_lineno :]])
    return source.replace("if __name__", f"{definition}\n\nif __name__")


def name_of(node):
    """What a node defines, "" if nothing."""
    match node:
        case ast.FunctionDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return ""


def steps():
    """Each terminal that shows a grading of stage 1, with the program that it is shown for."""
    program = STARTER
    for language, text in BLOCK.findall(TUTORIAL):
        if language == "python":
            program = with_definition(program, text)
        elif GRADED in text:
            yield program, text


def grade(program, folder):
    """Grade a stage 1 as the tutorial does; its stage of the results."""
    path = folder / "exercises/s01_callbacks/pipeline.py"
    path.parent.mkdir(parents=True)
    path.write_text(program, encoding="utf-8")
    words = GRADED.partition("-s ")[2].replace(" --", "", 1).split()
    command = [sys.executable, "-m", "grader", *words, "--format", "json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    (stage,) = json.loads(done.stdout)["stages"]
    return stage


@pytest.mark.parametrize(("program", "terminal"), list(steps()))
def test_terminal_tells_the_truth(program, terminal, tmp_path):
    """After each step, score, first failure and line are those of the page."""
    stage = grade(program, tmp_path)

    told = " ".join(terminal.split())
    assert f"{stage['score']:g}/15" in told
    for check in [check for check in stage["checks"] if f"Failed: {check['title']}" in told]:
        assert check["findings"][0]["message"] in told
        assert f"pipeline.py:{check['findings'][0]['line']}" in told
    assert ("Failed: " in told) == (stage["score"] < 15)


def test_last_step_finishes_the_stage():
    """The page ends with full marks."""
    *_, (_, terminal) = steps()

    assert "15 of 15 points: s01_callbacks done." in terminal
