"""Waiting for threads that sleep before they do what is due."""

import pytest

from grader.judge.kernel import Rest
from grader.judge.session.turns import may_move


@pytest.mark.parametrize(
    ("rest", "pending", "expected"),
    [
        (Rest.TIMED, False, True),
        (Rest.RUNNING, False, True),  # its time was up between two looks
        (Rest.ASLEEP, True, True),  # it has called a service, and waits for the answer
        (Rest.UNKNOWN, True, True),
        (Rest.ASLEEP, False, False),
        (Rest.UNKNOWN, False, False),
    ],
)
def test_threads_may_move_that_sleep_until_a_time_or_have_just_woken(rest, pending, expected):
    """A thread that wakes while it is looked at is waited for as one that still sleeps."""
    assert may_move(rest, pending) is expected
