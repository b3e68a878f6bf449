"""Reading a roster, and what is wrong with one."""

import pytest

from grader.batch.roster import Entry, read
from grader.errors import UsageError


def written(tmp_path, text):
    path = tmp_path / "roster.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_known_columns_are_read_in_any_order_and_case(tmp_path):
    """A byte order mark, spaces and columns that nobody knows do no harm."""
    lines = "\ufeffName,Student,SIS User ID,favourite,submitted_at\n김하늘, a1 ,77,blue,1970-01-01T00:01Z\n\n"

    (entry,) = read(written(tmp_path, lines))

    assert entry == Entry("a1", "a1", 60.0, {"name": "김하늘", "sis_user_id": "77"})


def test_a_submission_may_have_another_name(tmp_path):
    (entry,) = read(written(tmp_path, "student,submission\nalice,lee_alice_4711\n"))

    assert (entry.student, entry.submission) == ("alice", "lee_alice_4711")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name\nalice\n", "column 'student'"),
        ("", "column 'student'"),
        ("student,name\n,alice\n", "line 2"),
        ("student,submitted_at\nalice,noon\n", "line 2"),
        (b"student\n\xff\xfe\n", "UTF-8"),
        ('student\n"alice\n', "no CSV"),
    ],
)
def test_a_roster_that_cannot_be_read_is_told_in_a_sentence(tmp_path, text, told):
    with pytest.raises(UsageError, match=told):
        list(read(written(tmp_path, text)))


def test_a_roster_that_is_not_there(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        list(read(tmp_path / "none.csv"))
