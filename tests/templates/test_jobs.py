"""Each template's script, run for real: a clean folder, the wheel, a submission, the report in its place."""

import json
import shutil
import subprocess
from xml.etree import ElementTree as ET

import pytest
import yaml

from grader.templates import plan, platforms, write

pytestmark = pytest.mark.usefixtures("walls_for_strangers")
VERSION = "unblocked==0.1.0"


@pytest.fixture
def grade_as_gradescope(autograder, offline):
    """Runs `run_autograder` on what lies in `submission`; the ended process, and results.json."""

    def grade():
        done = subprocess.run(
            [autograder / "source" / "run_autograder"],
            env={**offline, "AUTOGRADER_ROOT": str(autograder)},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return done, json.loads((autograder / "results" / "results.json").read_text())

    shutil.rmtree(autograder / "submission", ignore_errors=True)
    (autograder / "submission").mkdir()
    shutil.unpack_archive(autograder / "course" / "autograder.zip", autograder / "source")
    (autograder / "source" / "run_autograder").chmod(0o755)
    return grade


def read(folder, place):
    """A job as its platform reads it; YAML 1.1 takes the key `on` for true."""
    return yaml.safe_load((folder / place).read_text(encoding="utf-8"))


def scripts(job):
    """The steps of a job that run something, by their names."""
    return {step["name"]: step for step in job["steps"] if "run" in step}


def test_wheel_writes_templates_too(runner, tmp_path):
    """The installed grader has the files of every platform, and puts those that are hidden where they belong."""
    for platform in platforms():
        runner.script(
            f"unblocked template {platform} {tmp_path / platform} --requirement '{VERSION}'"
        )

        written = sorted(
            p.relative_to(tmp_path / platform)
            for p in (tmp_path / platform).rglob("*")
            if p.is_file()
        )
        assert written == sorted(plan(platform, [], VERSION))


def test_gradescope_grades(autograder, grade_as_gradescope, hand_in):
    """results.json has the score and the tests of the one stage that was chosen."""
    hand_in(autograder / "submission")

    done, results = grade_as_gradescope()

    assert done.returncode == 0, done.stderr
    assert results["score"] == 15
    assert {test["tags"][0] for test in results["tests"]} == {"s01_callbacks"}
    assert {"landlock", "bwrap"} & set(results["extra_data"]["walls"])


def test_gradescope_grades_one_file(autograder, grade_as_gradescope):
    """A learner may upload pipeline.py alone; lost marks are no failure of the autograder."""
    (autograder / "submission" / "pipeline.py").write_text("def checkout(*_): pass\n")

    done, results = grade_as_gradescope()

    assert done.returncode == 0, done.stderr
    assert 0 <= results["score"] < 15


def test_gradescope_says_why_there_is_no_grade(autograder, grade_as_gradescope):
    """An upload without a stage gets a sentence and no score."""
    (autograder / "submission" / "notes.txt").write_text("hello")

    done, results = grade_as_gradescope()

    assert done.returncode == 2
    assert "holds no stage" in results["output"]
    assert not {"score", "tests"} & set(results)


def test_github_grades_a_pull_request(runner, hand_in, wheel):
    """The grader comes from the course, the submission from the pull request; each report is where GitHub looks."""
    write(plan("github", ["s01"], str(wheel)), runner.workspace / "course")
    hand_in(runner.workspace / "submission")
    workflow = read(runner.workspace / "course", ".github/workflows/unblocked.yml")
    steps = scripts(workflow["jobs"]["grade"])

    installed = runner.step(steps["Install the grader"])
    graded = runner.step(steps["Grade"])

    temp = runner.workspace.parent / "temp"
    assert (installed.returncode, graded.returncode) == (0, 0), installed.stderr + graded.stderr
    assert graded.stdout.startswith("::notice title=Unblocked::15 of 15 points")
    assert "score=15\n" in (temp / "output").read_text()
    assert "15 of 15" in (temp / "summary").read_text().replace("\\", "")
    names = sorted(path.name for path in (temp / "unblocked").iterdir())
    assert names == ["junit.xml", "result.json", "result.sarif"]


def test_github_annotates_the_learners_line(runner, wheel):
    """Paths are those of the pull request's repository; lost marks fail the job."""
    write(plan("github", ["s01"], str(wheel)), runner.workspace / "course")
    program = runner.workspace / "submission" / "exercises" / "s01_callbacks" / "pipeline.py"
    program.parent.mkdir(parents=True)
    program.write_text("def checkout(services, user_id, on_done, on_error):\n    raise OSError\n")
    workflow = read(runner.workspace / "course", ".github/workflows/unblocked.yml")

    graded = runner.step(scripts(workflow["jobs"]["grade"])["Grade"])

    assert graded.returncode == 1
    assert "::error file=exercises/s01_callbacks/pipeline.py,line=2," in graded.stdout


def test_github_job_may_write_nothing(wheel):
    """The job is the base branch's, has no secret, and keeps no token beside the submission."""
    files = plan("github", ["s01"], str(wheel))
    (text,) = [content.decode() for place, content in files.items() if place.suffix == ".yml"]
    workflow = yaml.safe_load(text)

    checkouts = [s for s in workflow["jobs"]["grade"]["steps"] if "checkout" in s.get("uses", "")]
    assert list(workflow[True]) == ["pull_request_target"]
    assert workflow["permissions"] == {"contents": "read"}
    assert "secrets" not in text
    assert [step["with"]["persist-credentials"] for step in checkouts] == [False, False]


def test_classroom_gets_its_points(runner, hand_in):
    """The notices from which Classroom takes the points are in the log."""
    write(plan("classroom", ["s01"], VERSION), runner.workspace / "submission")
    hand_in(runner.workspace / "submission")
    workflow = read(runner.workspace / "submission", ".github/workflows/classroom.yml")
    steps = scripts(workflow["jobs"]["run-autograding-tests"])

    installed = runner.step(steps["Install the grader"])
    graded = runner.step(steps["Grade"])

    assert (installed.returncode, graded.returncode) == (0, 0), installed.stderr + graded.stderr
    assert '{"totalPoints": 15.0, "maxPoints": 15.0}' in graded.stdout


def test_gitlab_grades(runner, hand_in):
    """The reports named as artifacts are there, and one that was handed in is not taken for ours."""
    hand_in(runner.workspace)
    (runner.workspace / "unblocked-junit.xml").mkdir()
    (runner.workspace / "unblocked.json").symlink_to("/dev/null")
    (job,) = yaml.safe_load(b"".join(plan("gitlab", ["s01"], VERSION).values())).values()

    done = runner.script("\n".join(job["script"]))

    junit = ET.parse(runner.workspace / job["artifacts"]["reports"]["junit"]).getroot()
    assert done.returncode == 0, done.stderr
    assert (junit.get("failures"), junit.get("errors")) == ("0", "0")
    (name,) = job["artifacts"]["paths"]
    assert json.loads((runner.workspace / name).read_text())["score"] == 15
