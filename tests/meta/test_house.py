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


def test_no_package_gives_a_name_that_is_one_of_its_modules(root):
    """Importing the module would put it in the place of what the package gives by that name."""
    taken = {
        f"{package.parent.relative_to(root)}: {name}"
        for package in (root / "grader").rglob("__init__.py")
        for listed in re.findall(
            r"__all__ = \[(.*?)\]", package.read_text(encoding="utf-8"), re.DOTALL
        )
        for name in re.findall(r'"(\w+)"', listed)
        if (package.parent / f"{name}.py").exists() or (package.parent / name).is_dir()
    }

    assert taken == set()
