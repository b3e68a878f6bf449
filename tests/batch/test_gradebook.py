"""Gradebooks in each shape."""

import csv
import io

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.batch import gradebook
from grader.batch.lateness import DAY, Policy
from grader.batch.roster import Entry
from grader.batch.store import Standing

POLICY = Policy(due=0.0, per_day=0.25)
ROSTER = [
    Entry("a1", "alice", 2 * DAY, {"name": "Lee, Alice", "id": "11", "sis_user_id": "S1"}),
    Entry("b2", "bob", 0.0, {"email": "bob@example.org", "section": "Mon"}),
]


@pytest.fixture
def table(store, run_stub, hand_in, tmp_path):
    """Writes the gradebook of a small class in a shape; gives its rows."""
    hand_in("alice", "x = 1\n")
    hand_in("=eve", "x = 1\n")
    (tmp_path / "class" / "bob.zip").write_text("junk")
    run_stub(store, ROSTER)

    def table(shape, policy=POLICY):
        file = io.StringIO(newline="")
        gradebook.write(file, shape, policy, store.standings)
        file.seek(0)
        return list(csv.reader(file))

    return table


def test_plain_has_a_column_for_each_stage_and_check(table):
    """Marks before and after the penalty, and whoever failed to grade has none."""
    header, eve, alice, bob = table("plain")

    row = dict(zip(header, alice, strict=True))
    checks = [name for name in header if "::" in name]
    assert len(checks) == 20
    assert sum(float(row[check]) for check in checks) == float(row["s01_callbacks"])
    assert row["score"] == row["s01_callbacks"]
    assert float(row["final_score"]) == float(row["score"]) / 2
    assert (row["days_late"], row["penalty_percent"]) == ("2", "50.0")
    assert row["submitted_at"] == "1970-01-03T00:00:00+00:00"
    row = dict(zip(header, bob, strict=True))
    assert (row["status"], row["score"], row["s01_callbacks"]) == ("failed to grade", "", "")
    assert "no zip" in row["problem"]
    assert eve[0] == "'=eve"
    assert eve[2] == "graded, not in the roster"


def test_canvas_has_its_columns_and_possible_points(table):
    """Canvas takes what follows the section for an assignment; so there are the stages alone."""
    header, possible, eve, alice, bob = table("canvas")

    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "s01_callbacks"]
    assert possible == ["Points Possible", "", "", "", "", "20.0"]
    assert alice[:5] == ["Lee, Alice", "11", "S1", "a1", ""]
    assert bob == ["b2", "", "", "b2", "Mon", ""]
    assert float(alice[5]) == float(table("canvas", Policy())[3][5]) / 2
    assert eve[5] == "0.0"


def test_moodle_finds_people_by_number_or_address(table):
    header, _, alice, bob = table("moodle")

    assert header[:4] == ["ID number", "Full name", "Email address", "s01_callbacks"]
    assert header[-2:] == ["Total", "Feedback"]
    assert (alice[0], alice[-1]) == ("11", "2 days late: 50% less")
    assert (bob[0], bob[2], bob[-2]) == ("b2", "bob@example.org", "")
    assert "no zip" in bob[-1]


def test_without_a_policy_nothing_is_lost(table):
    header, _, alice, _ = table("plain", Policy())

    row = dict(zip(header, alice, strict=True))
    assert (row["days_late"], row["final_score"]) == ("0", row["score"])


def test_a_class_without_a_result_has_a_gradebook(store):
    store.begin(ROSTER)
    file = io.StringIO(newline="")

    gradebook.write(file, "plain", POLICY, store.standings)

    assert len(file.getvalue().splitlines()) == 3


def test_bonus_stages_have_columns_whoever_handed_them_in():
    """The first student may have handed in none; marks of the bonus stand beside those of the core."""
    core = {"stage": "s01_callbacks", "score": 12.5, "max_score": 15, "checks": []}
    mark = {"id": "s12_backpressure::test_order", "points": 2, "earned": 1}
    extra = {"stage": "s12_backpressure", "score": 1, "max_score": 2, "checks": [mark]}
    without = {"score": 12.5, "max_score": 15, "stages": [core]}
    both = {**without, "stages": [core, extra], "bonus_score": 1, "bonus_max_score": 2}
    students = [
        Standing(name, name, True, None, "", "", msgspec.json.encode(result))
        for name, result in (("alice", without), ("bob", both))
    ]
    file = io.StringIO(newline="")

    gradebook.write(file, "plain", Policy(), lambda: students)

    file.seek(0)
    alice, bob = csv.DictReader(file)
    wanted = ("score", "bonus_score", "bonus_max_score", "s12_backpressure", mark["id"])
    assert [alice[name] for name in wanted] == ["12.5", "", "", "", ""]
    assert [bob[name] for name in wanted] == ["12.5", "1.0", "2.0", "1.0", "1.0"]


@given(st.text(min_size=1))
def test_no_text_is_a_formula(text):
    """Whatever a student is called, a spreadsheet sees a text, and a CSV reader one cell on one line."""
    student = Standing(
        text, text, listed=True, submitted_at=None, submitted_from="", problem=text, result=None
    )
    file = io.StringIO(newline="")

    gradebook.write(file, "plain", Policy(), lambda: [student])

    file.seek(0)
    _, row = csv.reader(file)
    assert not any(
        cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d")) for cell in row
    )
    assert not any(sign in cell for cell in row for sign in "\r\n\0\x1b\u202e")
