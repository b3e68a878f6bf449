"""What holds for the whole house: captions, and changes that are told."""

import ast
import re
import tomllib

import pytest


@pytest.mark.parametrize("folder", ["grader", "exercises/shop", "tests", "bench"])
def test_modules_have_captions(root, folder):
    """Every module says in its first sentence what it is for."""
    skip = {"submissions", "hostile", "cases"}
    without = [
        str(path.relative_to(root))
        for path in sorted((root / folder).rglob("*.py"))
        if not skip & set(path.relative_to(root).parts)
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert not without, f"no docstring at the top of {', '.join(without)}"


def test_version_is_one(root):
    """The changelog and the package agree on what was released."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.findall(r"^## (\d\S*)", changelog, re.MULTILINE)

    assert not released or released[0] == project["version"], "CHANGELOG.md names another version"


def test_fragments_have_a_known_type(root):
    """A fragment of the changelog that towncrier would ignore is noticed."""
    tool = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    types = {entry["directory"] for entry in tool["towncrier"]["type"]}
    strange = [
        path.name
        for path in (root / "changes").glob("*.md")
        if path.name != "README.md" and path.name.split(".")[-2] not in types
    ]

    assert not strange, f"changes/{strange[0]}: name it +NAME.TYPE.md, TYPE of {sorted(types)}"
