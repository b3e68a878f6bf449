"""The command line, end to end: what it prints, what it writes, and how it exits."""

import json
import os
import shutil
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import grader

ROOT = Path(__file__).parents[1]
SOLUTIONS = ROOT / "solutions"
SCHEMA = json.loads((Path(grader.__file__).parent / "report" / "schema_v1.json").read_text())

TRUSTING = """
def checkout(services, user_id, on_done, on_error):
    def got_user(user):
        services.get_orders(user, got_orders, on_error)
    def got_orders(orders):
        services.get_order_details(orders[0], got_details, on_error)
    def got_details(details):
        services.process_payment(details, on_done, on_error)
    services.get_user_data(user_id, got_user, on_error)
"""
"""Believes that every service answers once, later, and with something."""


@pytest.fixture(scope="module")
def trusting(grade, tmp_path_factory):
    """Grades a program that loses some marks, and remembers the report of each command."""
    path = tmp_path_factory.mktemp("trusting") / "pipeline.py"
    path.write_text(TRUSTING)

    @cache
    def graded(*options, times=1):
        return report_of(grade("s01", "--submission", path, "--format", "json", *options))

    return graded


@pytest.fixture(scope="module")
def full_marks(grade, tmp_path_factory):
    """One grading of the solutions, with every way out at once."""
    folder = tmp_path_factory.mktemp("reports")
    reports = [f"--report=json={folder / 'more.json'}", f"--report=terminal={folder / 'more.txt'}"]
    written = ["--format=json", f"--output={folder / 'all.json'}", "--seed=7"]
    return grade("--submission", SOLUTIONS, *written, *reports), folder


@pytest.fixture
def submission(tmp_path):
    """A checkout of the kata with the solution of a stage, for a test to spoil."""
    stage = "s01_callbacks"
    shutil.copytree(SOLUTIONS / stage, tmp_path / "exercises" / stage)
    return tmp_path


def report_of(done):
    """A printed JSON report that keeps to its schema."""
    report = json.loads(done.stdout)
    Draft202012Validator(SCHEMA).validate(report)
    return report


def verdicts(report):
    """All that a seed fixes: everything but how long it took."""
    checks = [check for stage in report["stages"] for check in stage["checks"]]
    return [{key: check[key] for key in check if key != "seconds"} for check in checks]


def test_schema_is_a_schema():
    """The schema itself keeps to JSON Schema."""
    Draft202012Validator.check_schema(SCHEMA)


def test_solutions_get_full_marks(full_marks):
    """All four stages, 100 of 100, exit status 0, nothing on the screen."""
    done, folder = full_marks

    report = json.loads((folder / "all.json").read_text())

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (report["score"], report["max_score"], report["gradable"]) == (100, 100, True)
    assert len(verdicts(report)) >= 60
    assert {check["verdict"] for check in verdicts(report)} == {"passed"}


def test_json_keeps_to_its_schema(full_marks):
    """What is written is what the schema describes."""
    _, folder = full_marks

    report = json.loads((folder / "all.json").read_text())

    Draft202012Validator(SCHEMA).validate(report)


def test_one_grading_writes_all_reports(full_marks):
    """Each report is of the same grading, and no half of one is left."""
    _, folder = full_marks

    files = sorted(path.name for path in folder.iterdir())

    assert files == ["all.json", "more.json", "more.txt"]
    assert (folder / "more.json").read_text() == (folder / "all.json").read_text()
    assert "100" in (folder / "more.txt").read_text().splitlines()[-1]


def test_starters_lose_marks(grade):
    """The folder that a learner begins with is graded by default; exit status 1."""
    done = grade("s03", "--format", "json", cwd=ROOT)

    report = report_of(done)
    assert done.returncode == 1
    assert report["submission"] == "exercises"
    assert report["score"] < report["max_score"] / 3


def test_terminal_report_ends_with_the_result(grade):
    """A person gets the result on the last line, without colour, on a screen of few letters."""
    plain = {"NO_COLOR": "1", "PYTHONIOENCODING": "ascii"}

    done = grade("s01", "--submission", SOLUTIONS, env=plain)

    assert done.returncode == 0
    assert "15" in done.stdout.splitlines()[-1]
    assert "\x1b" not in done.stdout
    assert done.stderr == ""


def test_stages_are_graded_in_their_order_and_once(grade):
    """A prefix that fits one stage is enough, and each is graded once, however often named."""
    done = grade("s03_", "s01", "s01_callbacks", "--submission", SOLUTIONS, "--format", "json")

    report = report_of(done)
    assert [stage["stage"] for stage in report["stages"]] == ["s01_callbacks", "s03_async_await"]


def test_one_file_may_answer_one_stage(grade, tmp_path):
    """One file of any name is a submission when the stage is named."""
    path = tmp_path / "mine.py"
    shutil.copy(SOLUTIONS / "s01_callbacks" / "pipeline.py", path)

    done = grade("s01", "--submission", path, "--format", "json")

    assert done.returncode == 0
    assert report_of(done)["score"] == 15


def test_grading_works_from_any_folder(grade, tmp_path):
    """Neither the checks nor their settings depend on where the command is given."""
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = '--nonsense'\n")
    (tmp_path / "conftest.py").write_text("raise SystemExit('not mine')\n")

    done = grade("s01", "--submission", SOLUTIONS, "--format", "json", cwd=tmp_path)

    assert done.returncode == 0, done.stderr


def test_what_lies_beside_a_submission_has_no_effect(grade, submission):
    """Neither its conftest, nor its own checks, nor a module that shadows another."""
    stage = submission / "exercises" / "s01_callbacks"
    for name in ("conftest.py", "test_pipeline.py", "asyncio.py", "shop.py", "sitecustomize.py"):
        (stage / name).write_text("raise SystemExit(0)\n")

    done = grade("s01", "--submission", submission, "--format", "json", cwd=stage)

    assert done.returncode == 0, done.stdout


def test_same_seed_gives_the_same_verdicts(trusting):
    """A seed fixes every verdict, and every word of every finding."""
    first, second = (trusting("--seed", "1234", times=times) for times in (1, 2))

    assert first["seed"] == second["seed"] == 1234
    assert verdicts(first) == verdicts(second)
    assert 0 < first["score"] < first["max_score"]


def test_another_seed_gives_other_customers(trusting):
    """The verdicts are the same whatever the seed; the ids in the findings are not."""
    first, second = trusting("--seed", "1234"), trusting()

    words = [[check["verdict"] for check in verdicts(report)] for report in (first, second)]
    assert first["seed"] != second["seed"]
    assert words[0] == words[1]
    assert verdicts(first) != verdicts(second)


def test_fresh_interpreters_come_to_the_same_verdicts(trusting):
    """Where there is no fork, nothing is judged otherwise."""
    forked, spawned = trusting("--seed", "1234"), trusting("--seed", "1234", "--spawn")

    assert verdicts(forked) == verdicts(spawned)


def test_bonus_checks_come_on_top(grade):
    """They are judged when they are asked for."""
    done = grade("s04", "--submission", SOLUTIONS, "--format", "json", "--bonus")

    report = report_of(done)
    assert (report["score"], report["max_score"]) == (30, 30)
    assert report["stages"][0]["max_score"] == 30 + report["bonus_max_score"]
    assert report["bonus_score"] == report["bonus_max_score"] > 0


def test_a_bonus_stage_is_judged_when_it_is_named(grade):
    """Its points stand beside the core's, of which nothing was judged."""
    done = grade("s05", "--submission", SOLUTIONS, "--format", "json")

    report = report_of(done)
    assert done.returncode == 0
    assert (report["score"], report["max_score"]) == (0, 0)
    assert (report["bonus_score"], report["bonus_max_score"]) == (5, 5)
    assert [stage["bonus"] for stage in report["stages"]] == [True]


def test_a_bonus_stage_can_lose_marks(grade):
    """The exit status is about all that was judged."""
    done = grade("s05", cwd=ROOT)

    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].startswith("0 of 5 bonus points; next: s05_zalgo")


def test_bonus_stages_that_nobody_handed_in_are_not_missed(grade, submission):
    """Whoever stays with the core loses nothing by asking for the bonus."""
    shutil.copytree(SOLUTIONS / "s05_zalgo", submission / "exercises" / "s05_zalgo")

    report = report_of(grade("--submission", submission, "--bonus", "--format", "json"))

    assert [stage["stage"] for stage in report["stages"] if "bonus" in stage] == ["s05_zalgo"]
    assert report["bonus_score"] == 5


def test_all_that_is_said_is_in_the_readers_language(trusting):
    """The verdicts are the same; title, finding and hint are in Korean."""
    options = ["--seed", "1234"]

    english, korean = (
        verdicts(report) for report in (trusting(*options), trusting(*options, "--language", "ko"))
    )

    said = [check["title"] for check in korean]
    said += [f[part] for check in korean for f in check["findings"] for part in ("message", "hint")]
    assert [c["verdict"] for c in english] == [c["verdict"] for c in korean]
    assert not [text for text in said if not any("가" <= letter <= "힣" for letter in text)]


def test_what_a_program_prints_is_reported(grade, submission):
    """Printing costs nothing, and is shown beside the check."""
    path = submission / "exercises" / "s01_callbacks" / "pipeline.py"
    path.write_text(path.read_text() + "\nprint('I am here')\n")

    done = grade("s01", "--submission", submission, "--format", "json")

    outputs = {check["output"] for check in verdicts(report_of(done))}
    assert done.returncode == 0
    assert outputs == {"I am here\n"}


@pytest.mark.skipif(os.name != "posix", reason="names of files are bytes")
def test_path_may_have_any_name(grade, tmp_path):
    """A folder whose name no encoding knows is a folder."""
    folder = os.fsencode(tmp_path) + b"/\xff\xfe [bold] \x1b[31m"
    shutil.copytree(os.fsencode(SOLUTIONS / "s01_callbacks"), folder + b"/s01_callbacks")

    reports = [f"--report=json={tmp_path / 'report.json'}"]
    done = grade("s01", "--submission", os.fsdecode(folder), *reports)

    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout + (tmp_path / "report.json").read_text()


def test_help_tells_of_every_option(grade):
    """What the command takes is told by itself."""
    done = grade("-h")

    assert done.returncode == 0
    for option in ("--submission", "--format", "--output", "--report", "--seed", "--bonus"):
        assert option in done.stdout
