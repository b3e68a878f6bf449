"""What several parts of the tests need: warm processes, and programs to hand in."""

import os
import subprocess
import sys
import textwrap
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from grader.nursery import new_nursery
from grader.walls.plan import BARE

ROOT = Path(__file__).parents[1]
os.environ["UNBLOCKED_LANGUAGE"] = "en"  # wherever the tests run
collect_ignore = ["hostile"]  # what is handed in there brings tests and a conftest.py of its own


@pytest.fixture(scope="session")
def fork_nursery():
    """One warm process that forks a child for each test."""
    nursery = new_nursery()
    yield nursery
    nursery.close()


@pytest.fixture(scope="session")
def bare_nursery():
    """The same without walls, as on a system that has none."""
    nursery = new_nursery(wanted=BARE)
    yield nursery
    nursery.close()


@pytest.fixture(scope="session")
def spawn_nursery():
    """Gives a fresh interpreter to each test."""
    nursery = new_nursery(spawn=True)
    yield nursery
    nursery.close()


@pytest.fixture
def write_program(tmp_path):
    """Writes a submission; gives its path."""

    def write(source, folder="."):
        path = tmp_path / folder / "pipeline.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = textwrap.dedent(source) if isinstance(source, str) else source
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


@pytest.fixture(scope="session")
def grade():
    """Runs `python -m grader grade …` and gives the ended process."""

    def grade(*arguments, cwd=ROOT, env=None, **options):
        options = {"capture_output": True, "text": True, **options}
        return subprocess.run(
            [sys.executable, "-m", "grader", "grade", *map(str, arguments)],
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100", **(env or {})},
            stdin=subprocess.DEVNULL,
            check=False,
            **options,
        )

    return grade


@pytest.fixture(scope="session")
def plugin_options():
    """What plain pytest needs where the project is importable, and not installed."""
    installed = {point.name for point in entry_points(group="pytest11")}
    return [] if "unblocked" in installed else ["-p", "grader.plugin"]
