"""Moments in words, and what is compared of them."""

import pytest

from grader.judge.sockets.moments import begins, comparable, goes_on, hears, is_told, reads, story
from grader.protocol.values import Raised


def test_story_is_told_in_words():
    """One moment after the other, with what came of it; a long story is cut."""
    told = story(
        [begins(0), goes_on(0.5), goes_on(1, 7), hears(2, "KeyError", "x"), reads(3, b"w")]
    )

    assert told == (
        "begins at 0 s, goes on at 0.5 s, goes on with 7 at 1 s, hears KeyError('x') at 2 s, reads b'w' at 3 s"
    )
    assert story([begins(0)] * 8).endswith("(+2)")
    assert story([]) == "-"


def test_exception_counts_by_class_and_text():
    """Where it was raised, and what it derives from, is nobody's matter here."""
    elsewhere = hears(1, "KeyError", "x")._replace(
        value=Raised("KeyError", "x", ("LookupError",), 9)
    )

    assert comparable(elsewhere) == comparable(hears(1, "KeyError", "x"))
    assert comparable(elsewhere) != comparable(hears(1, "KeyError", "y"))


@pytest.mark.parametrize(
    ("what", "value"), [("begins", 1), ("hears", None), ("flees", None), ([], None), (None, 2)]
)
def test_other_words_are_not_told(what, value):
    """A child that tells something else is none of ours."""
    assert not is_told(what, value)
