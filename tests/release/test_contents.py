"""Learners get what they need, in their language, and nothing that gives a solution away."""

import re
import tomllib
from pathlib import Path

import pytest

from grader.errors import ExerciseError, UsageError
from grader.release.contents import Assignment, contents, settings
from grader.release.wheel import Wheel, pack

ROOT = Path(__file__).parents[2]
STAGES = sorted(folder.name for folder in (ROOT / "exercises").glob("s[0-9][0-9]_*"))


@pytest.fixture(scope="module")
def in_korean():
    """Two stages, in Korean, with a requirement instead of a wheel."""
    return contents(Assignment(["s03", "s01"], "ko", "unblocked==0.1.0"))


def test_each_stage_has_its_starter_its_page_and_its_checks(everything):
    """And of the pages only one."""
    for stage in STAGES:
        names = {n for n in everything if n.startswith(f"exercises/{stage}/")}
        assert names == {
            f"exercises/{stage}/{name}" for name in ("README.md", "pipeline.py", "test_pipeline.py")
        }


def test_nothing_else_is_in_it(everything):
    """No solution, no test and no tool of the project's, and no page of another language."""
    others = {n for n in everything if not n.startswith("exercises/")}

    assert others == {
        *(".gitignore", "LICENSE", "README.md", "assignment.toml", "noxfile.py"),
        f"wheels/{pack().name}",
    }


def test_no_file_holds_a_line_that_only_a_solution_has(everything):
    """Neither beside the starters nor inside the wheel's stages."""
    for stage in STAGES:
        starter = (ROOT / "exercises" / stage / "pipeline.py").read_bytes()
        assert everything[f"exercises/{stage}/pipeline.py"] == starter
    assert not [name for name in everything if "solution" in name]


def test_shop_goes_along_so_that_stages_run_by_hand(everything):
    assert "exercises/shop/by_hand.py" in everything


def test_stages_are_chosen_by_prefix_and_named_to_the_noxfile(in_korean):
    said = tomllib.loads(in_korean["assignment.toml"].decode())

    assert said["stages"] == ["s01_callbacks", "s03_async_await"]
    assert not [name for name in in_korean if "s02" in name or "s04" in name]


def test_all_stages_need_no_naming(everything):
    """The grader has them all, and shows where to begin."""
    assert "stages" not in tomllib.loads(everything["assignment.toml"].decode())


def test_pages_and_hints_are_in_one_language_under_one_name(in_korean):
    page = in_korean["exercises/s01_callbacks/README.md"]

    assert page == (ROOT / "exercises/s01_callbacks/README.ko.md").read_bytes()
    assert tomllib.loads(in_korean["assignment.toml"].decode())["language"] == "ko"
    assert not [name for name in in_korean if name.endswith("README.ko.md")]


@pytest.mark.parametrize("fixture", ["everything", "in_korean"])
def test_links_of_the_first_page_lead_somewhere(fixture, request):
    """Each names a file of the release, and no place is left to fill in."""
    files = request.getfixturevalue(fixture)
    page = files["README.md"].decode()

    links = re.findall(r"\]\(([^)]+)\)", page)
    assert len(links) > 3
    assert set(links) <= set(files)
    assert not re.search(r"\$\w", page)


def test_requirement_is_taken_as_it_is(in_korean):
    assert tomllib.loads(in_korean["assignment.toml"].decode())["grader"] == "unblocked==0.1.0"
    assert not [name for name in in_korean if name.startswith("wheels/")]


def test_wheel_is_copied(tmp_path):
    """It need not be on any index."""
    path = tmp_path / "unblocked-9-py3-none-any.whl"
    path.write_bytes(b"a wheel")

    files = contents(Assignment(["s01"], requirement=str(path)))

    assert files[f"wheels/{path.name}"] == b"a wheel"
    assert tomllib.loads(files["assignment.toml"].decode())["grader"] == f"wheels/{path.name}"


def test_missing_wheel_is_wrong_usage(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        contents(Assignment(requirement=str(tmp_path / "none.whl")))


def test_unknown_stage_is_wrong_usage():
    with pytest.raises(UsageError, match="choose from"):
        contents(Assignment(["s99"]))


def test_solved_exercise_is_not_handed_out(tmp_path):
    """Whoever solved a stage where the starters lie is told, before learners are."""
    from grader.release.contents import _stage

    stage = tmp_path / "s01_callbacks"
    stage.mkdir()
    (stage / "pipeline.py").write_text("def checkout(): return 1\n")

    with pytest.raises(ExerciseError, match="no starter"):
        _stage(stage, "en")


def test_settings_are_toml_whatever_is_in_them():
    wild = 'a "b" \\ \u00e9'

    assert tomllib.loads(settings(wild, "en", [wild]).decode()) == {
        "grader": wild,
        "language": "en",
        "stages": [wild],
    }


def test_wheel_has_a_name_that_pip_reads():
    assert isinstance(pack(), Wheel)
    assert re.fullmatch(r"unblocked-[\w.]+-py3-none-any\.whl", pack().name)
