"""`unblocked batch` and `unblocked report`, end to end, with real gradings."""

import csv
import json
import shutil
import time

import pytest

from grader.batch.opening import opened_to_read

PROGRAMS = 12
"""Submissions of the small class."""


@pytest.fixture
def small_class(tmp_path, root):
    """A dozen right programs and near misses of stage 1."""
    folder = root / "tests" / "submissions" / "s01_callbacks"
    programs = [*sorted(folder.glob("right/*.py"))[:4], *sorted(folder.glob("near_miss/*.py"))[:8]]
    for number, path in enumerate(programs[:PROGRAMS]):
        target = tmp_path / "class" / f"student-{number:02}" / "s01_callbacks"
        target.mkdir(parents=True)
        shutil.copy(path, target / "pipeline.py")
    return tmp_path / "class"


def rows(path):
    """A gradebook by student, without the time at which a file was copied."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def test_a_batch_that_is_killed_again_and_again_loses_nothing(
    small_class, tmp_path, unblocked, begin, recorded
):
    """It ends with the gradebook of single gradings, and nothing that was finished is graded twice."""
    book, results = tmp_path / "book.csv", tmp_path / "book.sqlite"
    command = ["batch", small_class, "--output", book, "--stages", "s01", "--seed", "7"]
    for least in (3, 7):
        process = begin(*command)
        while process.poll() is None and len(recorded(results)) < least:
            time.sleep(0.01)
        process.kill()
        process.wait()
        assert not book.exists()
        assert least <= len(recorded(results)) < PROGRAMS

    done = unblocked(*command)

    assert (done.returncode, done.stderr) == (0, "")
    assert set(recorded(results).values()) == {1}
    marks = rows(book)
    assert len(marks) == PROGRAMS
    for student in list(marks)[::5]:
        submission = ("--submission", small_class / student, "--seed", "7", "--format=json")
        single = unblocked("grade", "s01", *submission)
        assert float(marks[student]["score"]) == json.loads(single.stdout)["score"]
    again = unblocked(*command)
    assert f"0 graded, {PROGRAMS} known already" in again.stdout
    assert rows(book) == marks


PRIVATE = """
import pytest
from grader.judge import Contract

CONTRACT = Contract(
    "checkout(services, user_id, on_done, on_error)", services="callbacks", ends_by="callbacks"
)
pytestmark = pytest.mark.asyncio(loop_scope="session")

@pytest.mark.check(points=2)
async def test_is_paid(shop, submission):
    checkout = await submission.checkout(shop.customer())
    await shop.serve(checkout)
    checkout.must_pay()
"""
"""A check that an instructor keeps to themselves."""


def test_whole_results_are_kept(hand_in, tmp_path, unblocked, grade):
    """What the results file holds of a submission is what a single grading reports, but for the time it took."""
    hand_in("alice", "def checkout(services, user_id, on_done, on_error):\n    on_done(None)\n")
    output = ["--output", tmp_path / "book.csv", "--results", tmp_path / "x.sqlite"]
    own = tmp_path / "own" / "s01_callbacks" / "test_own.py"
    own.parent.mkdir(parents=True)
    own.write_text(PRIVATE)
    common = ("--seed", "7", "--private-checks", tmp_path / "own")
    done = unblocked("batch", tmp_path / "class", *output, "--stages", "s01", *common)

    with opened_to_read(tmp_path / "x.sqlite") as store:
        (alice,) = store.standings()

    assert done.returncode == 0, done.stderr
    submission = ("--submission", tmp_path / "class" / "alice")
    single = grade("s01", *submission, *common, "--format", "json", "--strangers")
    assert json.loads(single.stdout)["max_score"] == 17
    assert timeless(json.loads(alice.result)) == timeless(json.loads(single.stdout))


def timeless(report):
    """A report without what differs between two gradings of the same."""
    for stage in report["stages"]:
        for check in stage["checks"]:
            del check["seconds"]
    return {**report, "submission": ""}


def test_what_went_wrong_is_told_and_the_report_shows_the_rest(hand_in, tmp_path, unblocked):
    """Exit status 3, a sentence each, and the pages of those who were graded."""
    pytest.importorskip("vl_convert")
    hand_in("alice")
    (tmp_path / "class" / "bad.zip").write_text("junk")
    (tmp_path / "class" / "eve\x1b[2J.zip").write_text("junk")
    (tmp_path / "roster.csv").write_text("student\nalice\nbob\nbad\n")
    output, roster = ("--output", tmp_path / "b.csv"), ("--roster", tmp_path / "roster.csv")

    done = unblocked("batch", tmp_path / "class", *output, *roster, "--stages", "s01")
    shown = unblocked("report", "--results", tmp_path / "b.sqlite", tmp_path / "out")

    assert done.returncode == 3
    told = [line.split(": ")[1] for line in done.stderr.splitlines()]
    assert told == ["bad", "bob", r"eve\x1b[2J"]
    assert done.stdout.startswith("3 submissions: 1 graded, 0 known already, 2 failed to grade")
    assert shown.returncode == 0, shown.stderr
    assert (tmp_path / "out" / "students" / "alice.html").is_file()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["none", "--output", "b.csv"], "cannot be listed"),
        (["class", "--output", "none/b.csv"], "the gradebook cannot be written"),
        (["class", "--output", "b.csv", "--results", "none/x"], "the results cannot be written"),
        (["class", "--output", "b.csv", "--results", "b.csv"], "the same file"),
        (["class", "--output", "b.csv", "--stages", "s99"], "no single stage"),
        (["class", "--output", "b.csv", "--late", "per-day=10"], "--late needs --due"),
        (["class", "--output", "b.csv", "--roster", "none"], "cannot be read"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_graded(
    tmp_path, hand_in, unblocked, arguments, told
):
    hand_in("alice")

    done = unblocked("batch", *arguments, cwd=tmp_path)

    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not list(tmp_path.glob("b.csv"))


def test_a_report_of_nothing_is_told(tmp_path, unblocked):
    done = unblocked("report", "--results", "none.sqlite", "out", cwd=tmp_path)

    assert done.returncode == 2
    assert "no results file" in done.stderr
