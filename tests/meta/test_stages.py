"""Every stage is complete: found by its folder, so that a new one is tested without an edit."""

import ast

import pytest

from grader.errors import ExerciseError
from grader.scaffold.checks import read_checks, stage_points
from grader.submissions import is_bonus
from grader.verdicts.course import LEAK_RULES

CORE_POINTS = {
    "s01_callbacks": 15,
    "s02_futures": 25,
    "s03_async_await": 30,
    "s04_thread_offload": 30,
}


@pytest.fixture
def checks(stage):
    """What the stage's checks say about themselves."""
    try:
        return read_checks(stage)
    except ExerciseError as error:
        pytest.fail(f"{error} The stage's author must act.")


@pytest.fixture
def starter(stage):
    """The starter's source."""
    return source(stage / "pipeline.py", "what learners start from")


@pytest.fixture
def solution(stage, root):
    """The solution's source."""
    return source(root / "solutions" / stage.name / "pipeline.py", "what full marks look like")


def source(path, purpose):
    """Read one pipeline, or say that it is lacking."""
    if not path.is_file():
        place = "/".join(path.parts[-3:])
        pytest.fail(f"{place} is lacking: the stage's author must add it, as {purpose}")
    return path.read_text(encoding="utf-8")


def imported(text):
    """Name the top-level packages that a source imports."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def public_functions(text):
    """Name the functions and methods that a learner keeps."""
    return {
        node.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if node.name in {"checkout", "checkout_many"}
    }


def test_core_stages_are_there(root):
    """The four stages of the core are where learners are sent."""
    missing = [
        stage
        for stage in CORE_POINTS
        if not (root / "exercises" / stage / "test_pipeline.py").is_file()
    ]

    assert not missing, f"stages without checks in exercises/: {', '.join(missing)}"


def test_core_adds_up_to_a_hundred_without_the_bonus_stages(stage):
    """A stage is of the core, or says that it is a bonus."""
    assert is_bonus(stage) is (stage.name not in CORE_POINTS), (
        f"{stage.name}: its checks must say `BONUS = True` at the top, for the core has its 100 points"
    )


def test_points_add_up(stage, checks):
    """A stage's points are what the ladder promises; bonus checks come on top."""
    points = stage_points(checks)

    if stage.name in CORE_POINTS:
        promised = CORE_POINTS[stage.name]
        assert points == promised, f"{stage.name}: checks add up to {points:g}, not to {promised}"
    else:
        assert points > 0, f"{stage.name} has no points: mark a check that is no bonus"


@pytest.mark.parametrize("name", CORE_POINTS)
def test_a_leak_costs_no_whole_stage(root, name):
    """Each stage of the core has a check on leaks; where there is none, a forgotten thread fails every check."""
    about = [check for check in read_checks(root / "exercises" / name) if is_about_leaks(check)]

    assert 0 < sum(check.points for check in about) < CORE_POINTS[name] / 3


def is_about_leaks(check):
    """Whether one of its rules is that nothing is left behind."""
    return bool(LEAK_RULES & {*check.rules.split()})


def test_titles_are_told_apart(stage, checks):
    """No two checks of a stage read the same."""
    titles = [check.title for check in checks]
    twins = sorted({title for title in titles if titles.count(title) > 1})

    assert not twins, f"{stage.name}: several checks say {twins[0]!r}; say what each is about"


def test_starter_says_what_to_do(stage, starter):
    """A starter marks each place to fill in."""
    assert "TODO:" in starter, (
        f"exercises/{stage.name}/pipeline.py needs a `TODO:` that says how big the step is"
    )


def test_solution_is_finished(stage, solution):
    """A solution leaves nothing to do."""
    left = [mark for mark in ("TODO:", "NotImplementedError") if mark in solution]

    assert not left, f"solutions/{stage.name}/pipeline.py is not finished: it says {left[0]}"


def test_starter_and_solution_keep_the_same_functions(stage, starter, solution):
    """`diff -u starter solution` is the lecture, so both define what learners keep."""
    kept, solved = public_functions(starter), public_functions(solution)

    assert kept == solved, (
        f"{stage.name}: the starter has {sorted(kept)}, the solution {sorted(solved)}"
    )


def test_pipelines_stand_without_the_grader(stage, starter, solution):
    """Learners' files run by themselves."""
    wrong = [
        name
        for name, text in (("exercises", starter), ("solutions", solution))
        if {"grader", "pytest"} & set(imported(text))
    ]

    assert not wrong, f"{wrong[0]}/{stage.name}/pipeline.py imports the grader: only checks may"


@pytest.mark.parametrize("kind", ["right", "near_miss"])
def test_checks_are_tried(stage, root, kind):
    """Programs that must pass, and programs wrong in one way, stand by for the checks."""
    folder = root / "tests" / "submissions" / stage.name / kind
    what = {
        "right": "a right program in another style than the solution's, for the checks to spare",
        "near_miss": "a program that is wrong in one way, for a check to catch",
    }[kind]

    programs = list(folder.glob("*.py"))

    assert programs, (
        f"{folder.relative_to(root)} has no program: the stage's author must add {what}"
    )
