"""Classes of submissions, results files, and batches that run on stub workers."""

import os
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from grader.batch.jobs import Answer, Job, Terms
from grader.batch.keys import key_of
from grader.batch.opening import opened
from grader.batch.progress import Tally
from grader.batch.schedule import Batch
from grader.batch.sources import find
from grader.batch.stub import StubWorkers
from grader.submissions import choose_stages

ROOT = Path(__file__).parents[2]
STAGE = "s01_callbacks"


@pytest.fixture
def root():
    """Where the project is."""
    return ROOT


@pytest.fixture
def stages():
    """The folders of the first two stages."""
    return choose_stages(["s01", "s02"])


@pytest.fixture
def terms():
    """What a small batch is graded by."""
    return Terms(stages=(STAGE,), seed=7, checks="c", version="1")


@pytest.fixture
def job(terms):
    """Makes a job of a program."""

    def job(source=b"", name="alice"):
        answers = (Answer(STAGE, source),)
        return Job(key_of(answers, terms), name, answers, terms)

    return job


@pytest.fixture
def hand_in(tmp_path):
    """Puts a program into the class's folder, for a student and a stage."""

    def hand_in(student, source="", stage=STAGE):
        path = tmp_path / "class" / student / stage / "pipeline.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
        return path

    return hand_in


@pytest.fixture
def run_stub(tmp_path, terms):
    """Grades the class's folder with stub workers; gives the tally."""

    def run(store, roster=(), workers=None):
        tally = Tally()
        store.begin(roster)
        batch = Batch(store, terms, choose_stages(["s01"]), tally)
        batch.grade_all(find(tmp_path / "class"), workers or StubWorkers())
        return tally

    return run


@pytest.fixture
def store(tmp_path):
    """A new results file, open for writing."""
    with opened(tmp_path / "grades.sqlite") as store:
        yield store


@pytest.fixture
def unblocked(environment):
    """Runs `python -m grader …` and gives the ended process."""

    def unblocked(*arguments, cwd=ROOT):
        return subprocess.run(
            [sys.executable, "-m", "grader", *map(str, arguments)],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    return unblocked


@pytest.fixture
def begin(environment, tmp_path):
    """Begins `python -m grader …` in the test's folder and gives the process."""

    def begin(*arguments):
        command = [sys.executable, "-m", "grader", *map(str, arguments)]
        return subprocess.Popen(command, env=environment, cwd=tmp_path)

    return begin


@pytest.fixture
def environment():
    """For processes of ours, from any folder."""
    path = f"{ROOT}{os.pathsep}{ROOT / 'exercises'}"
    return {**os.environ, "PYTHONPATH": path, "COLUMNS": "100"}


@pytest.fixture
def pack(tmp_path):
    """Writes a zip of names and contents; a content may be a `ZipInfo` and bytes."""

    def pack(name, entries):
        path = tmp_path / "class" / name
        path.parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for entry, content in entries:
                archive.writestr(entry, content)
        return path

    return pack


@pytest.fixture
def recorded():
    """Reads key to how often it was graded, of what a batch has recorded as yet."""

    def recorded(path):
        if not path.exists():
            return {}
        with closing(sqlite3.connect(path, timeout=20)) as connection:
            try:
                return dict(connection.execute("SELECT key, gradings FROM verdict"))
            except sqlite3.OperationalError:  # its tables are not made yet
                return {}

    return recorded
