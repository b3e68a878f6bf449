"""Which entries of a folder are submissions, and how folders are read."""

import os
from pathlib import Path

import pytest

from grader.batch.handed import Unreadable
from grader.batch.keys import key_of
from grader.batch.sources import find, read
from grader.errors import UsageError


def only(folder):
    (found,) = find(folder)
    return found


def test_folders_zips_and_bundles_are_submissions(tmp_path):
    """Hidden entries and files of other kinds are nobody's."""
    for name in ("alice", ".git"):
        (tmp_path / name).mkdir()
    for name in ("bob.zip", "carol.BUNDLE", "notes.txt", "zip", ".x.zip"):
        (tmp_path / name).touch()

    found = {source.label: source.kind for source in find(tmp_path)}

    assert found == {"alice": "", "bob.zip": ".zip", "carol.BUNDLE": ".bundle"}


def test_a_folder_that_cannot_be_listed(tmp_path):
    with pytest.raises(UsageError, match="cannot be listed"):
        list(find(tmp_path / "none"))


def test_a_folder_is_read_as_grade_reads_it(hand_in, tmp_path, stages):
    """Every stage has an answer or a refusal, which names no place outside the submission."""
    path = hand_in("alice", "x = 1\n")
    os.utime(path, (50, 50))

    handed = read(only(tmp_path / "class"), stages)

    first, second = handed.answers
    assert first.source == b"x = 1\n"
    assert second.refusal.message.startswith("there is no s02_futures/pipeline.py;")
    assert (handed.submitted_at, handed.submitted_from) == (50, "file")


def test_links_lead_nowhere(hand_in, tmp_path, stages):
    """Neither a submission nor a program may be somewhere else."""
    hand_in("alice").unlink()
    Path(tmp_path, "class", "alice", "s01_callbacks", "pipeline.py").symlink_to("/etc/passwd")

    first, _ = read(only(tmp_path / "class"), stages).answers

    assert "not a regular file" in first.refusal.message
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "bob").symlink_to(tmp_path / "class" / "alice")
    with pytest.raises(Unreadable, match="it is a link"):
        read(only(tmp_path / "other"), stages)


def test_a_folder_without_stages_is_told(tmp_path, stages):
    (tmp_path / "class" / "alice").mkdir(parents=True)

    with pytest.raises(Unreadable, match="it holds no stage"):
        read(only(tmp_path / "class"), stages)


def test_a_key_is_of_the_content_alone(hand_in, tmp_path, stages, terms):
    """The same bytes have the same key wherever they lie; other bytes have another."""
    for student, text in (("alice", "x = 1\n"), ("bob", "x = 1\n"), ("carol", "x = 2\n")):
        hand_in(student, text)

    keys = {s.name: key_of(read(s, stages).answers, terms) for s in find(tmp_path / "class")}

    assert keys["alice"] == keys["bob"] != keys["carol"]
