"""A grading says which walls were up, and refuses strangers' code where too few are."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from grader.errors import MachineError
from grader.grading import Request, grade
from grader.walls.layers import Standing, Wall
from grader.walls.plan import BARE, EVERY, Plan, read_plan, wanted, write_plan

SOLUTIONS = Path(__file__).parents[1] / "solutions"
STAGE = "s01_callbacks"


@pytest.fixture
def report_of(grade):
    """Grades the solution of a stage; gives the JSON document."""

    def report_of(*options):
        done = grade(STAGE, "--submission", SOLUTIONS, "--format", "json", *options)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return report_of


def test_report_says_which_walls_were_up(report_of):
    """Without any, a process of its own and its bounds are left."""
    assert {"process", "limits"} <= set(report_of()["walls"])
    assert report_of("--no-walls")["walls"] == ["process", "limits"]


def test_fresh_interpreters_have_the_same_walls(report_of):
    assert report_of("--spawn")["walls"] == report_of()["walls"]


def test_only_the_verbose_report_bothers_a_learner_with_walls(grade):
    done = grade(STAGE, "--submission", SOLUTIONS)
    verbose = grade(STAGE, "--submission", SOLUTIONS, "--verbose", "--no-walls")

    assert "missing:" not in done.stdout
    assert "walls: process, limits; missing: bwrap, privileges, landlock, seccomp" in verbose.stdout


def test_strangers_are_not_judged_where_files_are_in_reach():
    """The message names the way out."""
    request = Request([STAGE], SOLUTIONS, walls=BARE, strangers=True)

    with pytest.raises(MachineError, match="container") as error:
        grade(request)

    assert error.value.exit_code == 3


def test_options_that_contradict_each_other_are_wrong_usage(grade):
    done = grade(STAGE, "--submission", SOLUTIONS, "--no-walls", "--strangers")

    assert done.returncode == 2
    assert "contradicts" in done.stderr


@pytest.mark.skipif(not shutil.which("bwrap"), reason="bubblewrap is not installed")
def test_bubblewrap_goes_in_front_where_it_runs(report_of):
    trial = ["bwrap", "--ro-bind", "/", "/", "--unshare-all", "true"]
    runs = subprocess.run(trial, capture_output=True, check=False).returncode == 0

    assert ("bwrap" in report_of("--bwrap")["walls"]) == runs


@pytest.mark.parametrize(
    ("held", "fit"),
    [
        (EVERY, True),
        (BARE, False),
        ({Wall.SECCOMP, Wall.PRIVILEGES}, False),
        ({Wall.BWRAP}, True),
        ({Wall.LANDLOCK}, True),
    ],
)
def test_strangers_need_a_wall_before_the_files(held, fit):
    assert Standing(frozenset(held)).fit_for_strangers is fit


def test_names_of_walls_stand_outermost_first():
    standing = Standing(frozenset(Wall))

    assert standing.names[0] == "process"
    assert standing.names[-1] == "seccomp"
    assert standing.missing == ()


def test_plan_comes_through_a_command_line():
    plan = Plan("/tmp/a b", wanted(bwrap=True), ("/grader",), frozenset({Wall.BWRAP}))

    assert read_plan(write_plan(plan)) == plan
