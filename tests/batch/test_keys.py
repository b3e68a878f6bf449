"""What a verdict rests on."""

import msgspec
import pytest

from grader.batch.jobs import Answer
from grader.batch.keys import checks_digest, key_of
from grader.submissions import choose_stages

ANSWERS = (Answer("s01_callbacks", b"x = 1\n"),)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("stages", ("s02_futures",)),
        ("seed", 8),
        ("bonus", True),
        ("language", "ko"),
        ("checks", "d"),
        ("version", "2"),
    ],
)
def test_another_checks_seed_or_version_is_another_key(terms, field, value):
    other = msgspec.structs.replace(terms, **{field: value})

    assert key_of(ANSWERS, other) != key_of(ANSWERS, terms)


def test_walls_change_no_verdict(terms):
    trusting = msgspec.structs.replace(terms, strangers=False, walls=("limits",))

    assert key_of(ANSWERS, trusting) == key_of(ANSWERS, terms)


def test_checks_are_all_files_but_the_starter(tmp_path):
    """A word in a hint is a part of the result; bytecode and the starter are not."""
    (tmp_path / "test_pipeline.py").write_text("checks")
    before = checks_digest([tmp_path])

    (tmp_path / "pipeline.py").write_text("starter")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "x.pyc").touch()
    unchanged = checks_digest([tmp_path])
    (tmp_path / "README.md").write_text("hints")

    assert before == unchanged != checks_digest([tmp_path])


def test_stages_have_digests_of_their_own():
    digests = {checks_digest([folder]) for folder in choose_stages([])}

    assert len(digests) == len(choose_stages([]))
