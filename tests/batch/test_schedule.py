"""From a folder to verdicts, with stub workers: what is graded, what is not, and what is told."""

import msgspec
import pytest

from grader.batch.jobs import Outcome
from grader.batch.roster import Entry
from grader.batch.stub import StubWorkers, grade_one


class Noting(StubWorkers):
    """Stub workers that remember what they were asked."""

    def __init__(self):
        self.asked = []

    def grade(self, jobs):
        for job in jobs:
            self.asked.append(job.submission)
            yield grade_one(job)


class Failing(StubWorkers):
    """Workers that can grade nothing today."""

    def grade(self, jobs):
        return (Outcome(job.key, problem="no process") for job in jobs)


def counts(tally):
    return {"graded": tally.done, "known": tally.kept, "failed": tally.lost}


def test_a_second_run_grades_only_what_changed(store, run_stub, hand_in):
    for student in ("alice", "bob"):
        hand_in(student, f"name = {student!r}\n")
    first, workers = run_stub(store), Noting()
    hand_in("bob", "name = 'robert'\n")
    second = run_stub(store, workers=workers)

    assert counts(first) == {"graded": 2, "known": 0, "failed": 0}
    assert counts(second) == {"graded": 1, "known": 1, "failed": 0}
    assert workers.asked == ["bob"]


def test_the_same_program_is_graded_once(store, run_stub, hand_in):
    """Both students have its marks."""
    hand_in("alice", "x = 1\n")
    hand_in("bob", "x = 1\n")
    workers = Noting()

    run_stub(store, workers=workers)

    first, second = store.standings()
    assert len(workers.asked) == 1
    assert first.result == second.result is not None


def test_what_failed_to_grade_is_tried_again(store, run_stub, hand_in):
    hand_in("alice")

    first, told = run_stub(store, workers=Failing()), [s.problem for s in store.standings()]
    second = run_stub(store)

    assert counts(first) == {"graded": 0, "known": 0, "failed": 1}
    assert told == ["no process"]
    assert counts(second) == {"graded": 1, "known": 0, "failed": 0}
    assert [s.problem for s in store.standings()] == [""]


def test_one_bad_submission_never_stops_the_rest(store, run_stub, hand_in, pack, tmp_path):
    """An unreadable zip, an empty folder and a name that leads out are told; the others are graded."""
    hand_in("alice")
    pack("mallory.zip", [("../x", "")])
    (tmp_path / "class" / "bad.zip").write_text("junk")
    (tmp_path / "class" / "empty").mkdir()

    tally = run_stub(store)

    assert counts(tally) == {"graded": 1, "known": 0, "failed": 3}
    statuses = {s.student: (s.status, bool(s.problem)) for s in store.standings()}
    assert statuses["alice"] == ("graded", False)
    assert {statuses[name] for name in ("bad", "empty", "mallory")} == {("failed to grade", True)}


def test_a_student_who_hands_in_twice_is_asked_which_one_counts(store, run_stub, hand_in, pack):
    """Neither counts, whichever is seen first; after one is removed, the other does."""
    hand_in("alice", "x = 1\n")
    second = pack("alice.zip", [("s01_callbacks/pipeline.py", "x = 2\n")])

    run_stub(store)

    (alice,) = store.standings()
    assert alice.result is None
    assert alice.problem == "it was handed in twice, as alice and as alice.zip: remove one of them"
    second.unlink()
    run_stub(store)
    (alice,) = store.standings()
    assert alice.status == "graded"


def test_the_roster_says_whose_a_submission_is_and_when_it_came(store, run_stub, hand_in):
    hand_in("lee_4711")

    run_stub(store, [Entry("alice", "lee_4711", 60.0), Entry("bob", "bob")])

    alice, bob = store.standings()
    assert (alice.student, alice.source, alice.status) == ("alice", "lee_4711", "graded")
    assert (alice.submitted_at, alice.submitted_from) == (60.0, "roster")
    assert (bob.student, bob.status) == ("bob", "missing")


def test_a_file_name_may_be_any_bytes(store, run_stub, tmp_path):
    """One that is no UTF-8, or would obey a terminal, is told like any other."""
    for name in (b"\xff\xfe", b"a\x1b[2Jb\nc"):
        (tmp_path / "class").joinpath(name.decode("utf-8", "surrogateescape")).mkdir(parents=True)

    tally = run_stub(store)

    assert tally.lost == 2
    assert all(s.problem.isprintable() for s in store.standings())


def test_whoever_is_stopped_between_two_verdicts_keeps_the_first(store, run_stub, hand_in):
    """Each verdict is kept before the next is looked at."""
    for number in range(3):
        hand_in(f"s{number}", f"x = {number}\n")

    class Stopped(StubWorkers):
        def grade(self, jobs):
            yield grade_one(next(iter(jobs)))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_stub(store, workers=Stopped())
    tally = run_stub(store)

    assert counts(tally) == {"graded": 2, "known": 1, "failed": 0}
    assert msgspec.json.decode(next(iter(store.standings())).result)["gradable"]
