"""Whatever is handed in, the answer is one clear sentence, the documented exit code, and no traceback."""

import json
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import grader
from grader.report import FORMATS

ROOT = Path(__file__).parents[1]
SOLUTIONS = ROOT / "solutions"
SCHEMA = json.loads((Path(grader.__file__).parent / "report" / "schema_v1.json").read_text())
FINE, BAD = "s01_callbacks", "s03_async_await"
OTHERS = ("s02_futures", "s04_thread_offload")


def everything_is_open():
    """Whether this user may read what is closed to everybody, as the superuser may."""
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).chmod(0)
        return os.access(file.name, os.R_OK)


if_some_is_closed = pytest.mark.skipif(
    everything_is_open(), reason="nothing is closed to this user"
)


@pytest.fixture
def submission(tmp_path):
    """A folder with a right program for one stage, and an empty folder for another."""
    shutil.copytree(SOLUTIONS / FINE, tmp_path / FINE)
    (tmp_path / BAD).mkdir()
    return tmp_path


def stages_of(done):
    """The stages of a grading that lost marks, each with its checks."""
    assert done.returncode == 1, done.stderr
    assert done.stderr == ""
    assert "Traceback" not in done.stdout
    report = json.loads(done.stdout)
    Draft202012Validator(SCHEMA).validate(report)
    return {stage["stage"]: stage for stage in report["stages"]}


def reason_of(stage):
    """Why nothing of a stage could be judged: one finding, in one line."""
    verdicts = {check["verdict"] for check in stage["checks"]}
    findings = [finding for check in stage["checks"] for finding in check["findings"]]
    assert stage["score"] == 0
    assert verdicts == {"failed", "skipped"}
    assert len({(finding["kind"], finding["message"]) for finding in findings}) == 1
    assert "\n" not in findings[0]["message"]
    return findings[0]


@pytest.fixture
def judged(grade, submission):
    """Grades both stages; gives the reason why the bad one could not be judged."""

    def judged():
        done = grade(BAD, FINE, "--submission", submission, "--format", "json")
        stages = stages_of(done)
        assert stages[FINE]["score"] == stages[FINE]["max_score"]
        return reason_of(stages[BAD])

    return judged


def refused(done):
    """The one sentence on the error output of a command that was wrong."""
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    (sentence,) = done.stderr.strip().splitlines()
    return sentence


# ---- what is wrong with one stage's file


def text(source):
    """Makes a file of this text, or of these bytes."""
    data = source if isinstance(source, bytes) else source.encode()
    return lambda path: path.write_bytes(data)


def link(target):
    """Makes a link that leads there."""
    return lambda path: path.symlink_to(target)


def second_name(path):
    """Makes a second name of a right program."""
    path.hardlink_to(path.parents[1] / FINE / "pipeline.py.bak")


def linked_folder(path):
    """Makes the whole stage a link to another."""
    path.parent.rmdir()
    path.parent.symlink_to(path.parents[1] / FINE)


OF_ANY_STAGE = {
    "syntax": (text("def checkout(:\n"), "structure", "not valid Python"),
    "raises": (text("raise RuntimeError('no')\n"), "crash", "RuntimeError"),
    "sys.exit": (text("import sys\nsys.exit(0)\n"), "crash", "SystemExit"),
    "os._exit": (text("import os\nos._exit(0)\n"), "crash", "ended its own process"),
    "killed": (text("import os\nos.kill(os.getpid(), 9)\n"), "crash", "ended its own process"),
    "endless": (text("while True: pass\n"), "limit", "importing pipeline.py"),
    "wrong encoding": (text(b"# coding: utf-8\nx = '\xff'\n"), "structure", "declared encoding"),
    "unknown encoding": (text("# coding: klingon\n"), "structure", "declared encoding"),
    "nul": (text(b"x = 1\0\n"), "structure", "pipeline.py"),
    "nested": (text("x = " + "(" * 9_000 + ")" * 9_000), "structure", "pipeline.py"),
    "large": (text("x" * (1 << 20) + " = 1\n"), "structure", "larger than 1 MiB"),
    "missing": (lambda path: None, "structure", "there is no"),
    "missing folder": (lambda path: path.parent.rmdir(), "structure", "there is no"),
    "directory": (lambda path: path.mkdir(), "structure", "is a directory"),
    "link": (link(f"../{FINE}/pipeline.py"), "structure", "not a regular file"),
    "broken link": (link("nowhere"), "structure", "not a regular file"),
    "pipe": (os.mkfifo, "structure", "not a regular file"),
    "hard link": (second_name, "structure", "has a second name"),
    "linked folder": (linked_folder, "structure", "is a link"),
}
OF_STAGE_3 = {
    "await outside async": (text("def f(x):\n    await x\n"), "structure", "not valid Python"),
    "missing function": (text("def other(): pass\n"), "structure", "does not define `checkout`"),
    "empty": (text(""), "structure", "does not define `checkout`"),
    "mis-shaped": (text("def checkout(services): pass\n"), "structure", "cannot be called as"),
}
FILES = OF_STAGE_3 | OF_ANY_STAGE


def in_threes():
    """The bad files, three at a time: stage to name."""
    mine, others = list(OF_STAGE_3), list(OF_ANY_STAGE)
    while mine or others:
        groups = [(mine or others, BAD), *((others, stage) for stage in OTHERS)]
        yield {stage: names.pop(0) for names, stage in groups if names}


@pytest.fixture(scope="module")
def gradings(grade, tmp_path_factory):
    """Bad files beside a right one, graded together: name of the bad file to its stage's report."""

    def graded(names):
        folder = tmp_path_factory.mktemp("bad")
        shutil.copytree(SOLUTIONS / FINE, folder / FINE)
        shutil.copy(folder / FINE / "pipeline.py", folder / FINE / "pipeline.py.bak")
        for stage, name in names.items():
            (folder / stage).mkdir()
            make, *_ = FILES[name]
            make(folder / stage / "pipeline.py")
        done = grade(*names, FINE, "--submission", folder, "--format", "json")
        return {name: (done, stage) for stage, name in names.items()}

    with ThreadPoolExecutor(2) as pool:
        return {name: one for three in pool.map(graded, in_threes()) for name, one in three.items()}


@pytest.mark.parametrize("name", FILES)
def test_file_that_cannot_be_judged(gradings, name):
    """One sentence says why, and the right program beside it gets its marks."""
    _, kind, words = FILES[name]
    done, stage = gradings[name]

    stages = stages_of(done)

    reason = reason_of(stages[stage])
    assert reason["kind"] == kind
    assert words in reason["message"]
    assert stages[FINE]["score"] == stages[FINE]["max_score"]


@pytest.mark.parametrize("name", ["syntax", "missing function", "large"])
def test_reason_is_given_once(gradings, name):
    """The first check says why nothing can be judged, and the others are skipped."""
    done, stage = gradings[name]

    checks = stages_of(done)[stage]["checks"]

    assert [check["verdict"] for check in checks] == ["failed"] + ["skipped"] * (len(checks) - 1)


def test_module_that_prints_is_judged(grade, submission):
    """Printing at import is no fault."""
    path = submission / FINE / "pipeline.py"
    path.write_text(path.read_text() + "\nprint('hello' * 10_000)\n")

    done = grade(FINE, "--submission", submission, "--format", "json")

    assert done.returncode == 0
    assert json.loads(done.stdout)["score"] == 15


@if_some_is_closed
def test_unreadable_file(submission, judged):
    """A file that is closed to the grader is said to be."""
    path = submission / BAD / "pipeline.py"
    path.write_text("")
    path.chmod(0)

    finding = judged()

    assert "cannot be read" in finding["message"]


@if_some_is_closed
@pytest.mark.parametrize("name", [BAD, "."])
def test_unreadable_folder(grade, submission, name):
    """A folder that is closed to the grader gives a sentence, too."""
    (submission / name).chmod(0)

    done = grade(BAD, "--submission", submission)
    (submission / name).chmod(0o700)

    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr + done.stdout


def test_link_in_place_of_the_file_when_it_is_named(grade, submission):
    """The same holds for one file that is named itself."""
    link = submission / "mine.py"
    link.symlink_to(submission / FINE / "pipeline.py")

    done = grade(FINE, "--submission", link, "--format", "json")

    assert done.returncode == 1
    assert "not a regular file" in done.stdout


def test_terminal_report_of_a_bad_file(grade, submission):
    """A person reads the same sentence, and no traceback."""
    (submission / BAD / "pipeline.py").write_text("def checkout(:\n")

    done = grade(BAD, FINE, "--submission", submission)

    assert done.returncode == 1
    assert "not valid Python" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


# ---- what is wrong with the command


@pytest.mark.parametrize("path", ["no/such/place", "x" * 5_000], ids=["missing", "overlong"])
def test_missing_path(grade, path):
    """A path that leads nowhere is named, with what would be right."""
    sentence = refused(grade("--submission", path))

    assert path[:40] in sentence


def test_folder_without_stages(grade, tmp_path):
    """A folder that holds no stage is told what one looks like."""
    (tmp_path / "notes.txt").write_text("")

    sentence = refused(grade("--submission", tmp_path))

    assert "holds no stage" in sentence
    assert "pipeline.py" in sentence


@pytest.mark.parametrize("name", ["s99", "callbacks", ""])
def test_unknown_stage(grade, name):
    """A name that fits no stage is answered with the names that there are."""
    sentence = refused(grade(name, "--submission", SOLUTIONS))

    assert "s01_callbacks, s02_futures" in sentence


def test_ambiguous_prefix(grade):
    """So is a prefix that fits several."""
    sentence = refused(grade("s0", "--submission", SOLUTIONS))

    assert "'s0'" in sentence
    assert "s04_thread_offload" in sentence


@pytest.mark.parametrize("stages", [[], ["s01", "s03"]])
def test_one_file_without_its_stage(grade, stages):
    """One file answers exactly one stage, and has to say which."""
    path = SOLUTIONS / FINE / "pipeline.py"

    sentence = refused(grade(*stages, "--submission", path))

    assert "one file" in sentence


@pytest.mark.parametrize("options", [["--format", "pdf"], ["--report", "pdf=x"]])
def test_unknown_format(grade, options):
    """A format that there is not is answered with those that there are, before anything is run."""
    sentence = refused(grade(*options, "--submission", SOLUTIONS))

    assert ", ".join(FORMATS) in sentence


@pytest.mark.parametrize("report", ["json", "json="])
def test_report_without_its_file(grade, report):
    """A report needs a format and a file."""
    sentence = refused(grade("--report", report, "--submission", SOLUTIONS))

    assert "format" in sentence.lower()


@pytest.mark.parametrize("options", [["--seed", "many"], ["--no-such-option"]])
def test_wrong_option(grade, options):
    """The command's own mistakes have the same exit code."""
    done = grade(*options)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "Error: " in done.stderr


@pytest.mark.parametrize(
    ("option", "place"),
    [
        ("--output={}", "no/such/folder/report"),
        ("--report=json={}", "f/x"),
        ("--output={}", "."),
        ("--output={}", "folder"),
    ],
)
def test_report_that_cannot_be_written(grade, tmp_path, option, place):
    """The place is named, and nothing is left beside it."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "f").write_text("a file")

    done = grade("s01", "--submission", SOLUTIONS, option.format(place), cwd=tmp_path)

    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert repr(place) in done.stderr
    assert sorted(entry.name for entry in tmp_path.rglob("*")) == ["f", "folder"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
@pytest.mark.parametrize("format_", ["json", "terminal"])
def test_screen_that_cannot_be_written(grade, format_):
    """A full disk behind the output is told in a sentence, too."""
    with Path("/dev/full").open("w") as full:
        done = grade(
            "s01", "--submission", SOLUTIONS, "--format", format_,
            capture_output=False, stdout=full, stderr=-1,
        )  # fmt: skip

    assert done.returncode != 0
    assert "Traceback" not in done.stderr


def test_old_report_is_kept_when_there_is_no_new_one(grade, tmp_path):
    """A command that is wrong touches nothing."""
    report = tmp_path / "report.json"
    report.write_text("old")

    refused(grade("s99", "--submission", SOLUTIONS, "--output", report))

    assert report.read_text() == "old"
