"""Round numbers along an axis."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.timeline import Left, Timeline
from grader.timeline.ticks import ticks


@pytest.mark.parametrize(
    ("length", "labels"),
    [
        (0.8, ["0.0", "0.2", "0.4", "0.6", "0.8"]),
        (1.0, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (30.0, ["0", "5", "10", "15", "20", "25", "30"]),
        (0.02, ["0.000", "0.005", "0.010", "0.015", "0.020"]),
    ],
)
def test_axis_is_labelled_with_round_numbers(length, labels):
    """One, two or five of a power of ten."""
    assert [label for _, label in ticks(Timeline(length, (), "", Left()), 6)] == labels


@given(st.floats(1e-6, 1e6), st.integers(1, 20))
def test_labels_have_room(length, about):
    """There are never more than there is room for, and the first is 0."""
    told = ticks(Timeline(length, (), "", Left()), about)

    assert told[0][0] == 0
    assert len(told) <= about + 1
    assert all(at <= length * 1.000001 for at, _ in told)


@pytest.mark.parametrize(("length", "clock"), [(0.0, True), (3.0, False)])
def test_axis_without_time_has_no_labels(length, clock):
    """An axis that counts events says no seconds."""
    assert ticks(Timeline(length, (), "", Left(), clock), 6) == []
