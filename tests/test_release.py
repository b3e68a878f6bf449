"""A release grades itself: its noxfile, its wheel and its starters, run as a learner runs them, without a network."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OFFLINE = {
    "PIP_NO_INDEX": "1",
    "PIP_NO_DEPS": "1",
    "PYTHONPATH": sysconfig.get_path("purelib"),  # what the grader stands on, instead of an index
    "NO_COLOR": "1",
}


@pytest.fixture(scope="module")
def run():
    """Runs a module, as a learner with nothing of ours in the environment would."""

    def run(*words, cwd, **env):
        return subprocess.run(
            [sys.executable, "-m", *map(str, words)],
            cwd=cwd,
            env={**os.environ, **env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture(scope="module")
def released(run, tmp_path_factory):
    """Stage 1 in Korean, in a path with a space."""
    out = tmp_path_factory.mktemp("class") / "the assignment"
    done = run(
        *("grader", "release", out, "--stages", "s01", "--language", "ko"),
        cwd=ROOT,
        PYTHONPATH=str(ROOT),
    )
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def graded(run, released):
    """The first `nox -s grade` in it."""
    return run("nox", "-s", "grade", cwd=released, **OFFLINE)


def test_release_grades_itself(graded):
    """The grader's own exit status and its own last line; only the stage that was released."""
    assert graded.returncode == 1, graded.stderr
    assert re.search(r"^s01_callbacks +[\d.]+/15", graded.stdout, re.MULTILINE), graded.stdout
    assert "s02" not in graded.stdout
    assert graded.stdout.splitlines()[-1].startswith("15점 중 3.5점, 다음은 s01_callbacks")


def test_hints_are_in_the_language_of_the_release(graded):
    hint = next(line for line in graded.stdout.splitlines() if "힌트: " in line)

    assert re.search("[가-힣]", hint)


def test_second_grading_installs_nothing_and_takes_a_stage_and_options(run, released, graded):
    """The environment is kept."""
    done = run("nox", "-s", "grade", "--", "s01", "--seed", "7", cwd=released, **OFFLINE)

    assert "Installing" not in done.stdout + done.stderr
    assert "시드 7" in done.stdout
    assert done.returncode == 1


def test_full_marks_are_exit_status_zero(run, released, graded):
    """The learner's file is what is judged."""
    starter = released / "exercises/s01_callbacks/pipeline.py"
    given = starter.read_text(encoding="utf-8")
    starter.write_bytes((ROOT / "solutions/s01_callbacks/pipeline.py").read_bytes())

    done = run("nox", "-s", "grade", cwd=released, **OFFLINE)
    starter.write_text(given, encoding="utf-8")

    assert done.stdout.splitlines()[-1] == "15점 중 15점, s01_callbacks 완료."
    assert done.returncode == 0


def test_stage_runs_by_hand(released):
    """With nothing installed."""
    done = subprocess.run(
        [sys.executable, "-E", "-S", "exercises/s01_callbacks/pipeline.py"],
        cwd=released,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_what_is_in_the_way_is_one_sentence(run, released):
    done = run("grader", "release", released, cwd=ROOT, PYTHONPATH=str(ROOT))

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "exists already" in done.stderr


@pytest.mark.skipif(shutil.which("git") is None, reason="makes a git repository")
def test_same_release_is_the_same_commit(run, tmp_path):
    """Whoever makes it, with whatever settings, from whichever folder."""
    config = tmp_path / "config"
    config.write_text("[user]\nname = Me\n[core]\nautocrlf = true\n[commit]\ngpgsign = true\n")
    elsewhere = {"GIT_CONFIG_GLOBAL": str(config), "GIT_DIR": str(tmp_path / "none")}
    for out, env in (("one", {}), ("other", elsewhere)):
        done = run(
            "grader", "release", tmp_path / out, "--as=git", cwd=ROOT, PYTHONPATH=str(ROOT), **env
        )
        assert done.returncode == 0, done.stderr

    assert git(tmp_path / "one", "rev-parse", "HEAD") == git(
        tmp_path / "other", "rev-parse", "HEAD"
    )
    assert git(tmp_path / "one", "status", "--short") == ""
    assert git(tmp_path / "one", "rev-list", "--count", "--all") == "1"


def git(folder, *words):
    """What git says in a folder."""
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_without_git_there_are_other_forms(run, tmp_path):
    """One sentence, and nothing half made."""
    env = {"PATH": os.devnull, "PYTHONPATH": str(ROOT)}

    done = run("grader", "release", tmp_path / "class", "--as", "git", cwd=ROOT, **env)

    assert done.returncode == 3
    assert "release as a folder or a zip" in done.stderr
    assert list(tmp_path.iterdir()) == []
