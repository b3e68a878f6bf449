"""The results file: what it keeps, and what it refuses."""

import sqlite3

import pytest

from grader.batch.jobs import Outcome
from grader.batch.opening import opened, opened_to_read
from grader.batch.roster import Entry
from grader.batch.store import Record
from grader.batch.stub import grade_one
from grader.errors import UsageError


def test_a_verdict_is_there_for_the_next_run(tmp_path, job):
    """What was recorded is found by its key when the file is opened again."""
    mine, other = job(b"x = 1\n"), job(b"x = 2\n")
    with opened(tmp_path / "a.sqlite") as store:
        assert store.record(grade_one(mine))

    with opened(tmp_path / "a.sqlite") as store:
        assert store.is_graded(mine.key)
        assert not store.is_graded(other.key)


def test_what_failed_to_grade_is_no_verdict_and_makes_room_for_one(store, job):
    mine = job()

    assert not store.record(Outcome(mine.key, problem="no process"))
    assert not store.is_graded(mine.key)
    assert store.record(grade_one(mine))
    assert store.is_graded(mine.key)


def test_only_what_was_seen_in_a_run_counts(store):
    """Who was there last time, and is no longer, stands in no gradebook."""
    store.begin([])
    store.submitted(Record("alice", "alice"))
    store.begin([])
    store.submitted(Record("bob", "bob"))

    assert [student.student for student in store.standings()] == ["bob"]


def test_a_roster_and_submissions_need_not_match(store):
    """Whoever is in one of them is told, once."""
    store.begin([Entry("alice", "lee"), Entry("bob", "bob", more={"name": "Bob"})])
    store.submitted(Record(store.student_of("lee")[0], "lee"))
    store.submitted(Record(store.student_of("eve")[0], "eve"))

    told = {s.student: (s.status, s.listed, dict(s.more)) for s in store.standings()}

    assert told == {
        "alice": ("failed to grade", True, {}),
        "bob": ("missing", True, {"name": "Bob"}),
        "eve": ("failed to grade", False, {}),
    }


@pytest.mark.parametrize("second", [Entry("alice", "b"), Entry("carol", "a")])
def test_a_roster_that_names_somebody_twice_is_refused_and_changes_nothing(store, second):
    store.begin([Entry("old", "old")])

    with pytest.raises(UsageError, match="twice"):
        store.begin([Entry("alice", "a"), second])

    assert store.run == 1
    assert [student.student for student in store.standings()] == ["old"]


def test_two_batches_do_not_write_to_one_file(tmp_path, store):
    with pytest.raises(UsageError, match="another batch"), opened(tmp_path / "grades.sqlite"):
        pass


def test_a_file_of_another_version_is_left_as_it_is(tmp_path):
    path = tmp_path / "a.sqlite"
    with opened(path):
        pass
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()

    for opening in (opened, opened_to_read):
        with pytest.raises(UsageError, match="another version of unblocked"), opening(path):
            pass

    assert path.read_bytes() == before


def test_another_programs_database_is_left_alone(tmp_path):
    path = tmp_path / "a.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE setting (name)")
    connection.close()

    with pytest.raises(UsageError, match="another program's"), opened(path):
        pass


def test_a_damaged_file_is_told(tmp_path):
    path = tmp_path / "a.sqlite"
    path.write_bytes(b"this is no database, whatever its name says" * 50)

    with pytest.raises(UsageError, match="cannot be used"), opened(path):
        pass
    assert path.read_bytes().startswith(b"this is no database")


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(UsageError, match="cannot be written"), opened(tmp_path):
        pass
    with pytest.raises(UsageError, match="no results file"), opened_to_read(tmp_path / "none"):
        pass
