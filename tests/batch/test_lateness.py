"""What lateness costs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.batch.lateness import DAY, Policy, days_late, penalty, policy_of
from grader.errors import UsageError

DUE = 1_000_000.0
TEN_A_DAY = Policy(DUE, per_day=0.1, at_most=0.5, grace=3_600)


@pytest.mark.parametrize(
    ("after", "days", "lost"),
    [(-1, 0, 0), (0, 0, 0), (3_600, 0, 0), (3_601, 1, 0.1), (DAY, 1, 0.1), (DAY + 1, 2, 0.2)],
)
def test_each_day_begun_costs_and_the_grace_does_not(after, days, lost):
    """Until the grace is over nothing is late; then days count from the due time."""
    assert days_late(TEN_A_DAY, DUE + after) == days
    assert penalty(TEN_A_DAY, DUE + after) == pytest.approx(lost)


def test_no_more_is_lost_than_the_rule_says():
    assert penalty(TEN_A_DAY, DUE + 400 * DAY) == 0.5


def test_without_a_due_time_or_a_time_nothing_is_late():
    assert penalty(Policy(), DUE) == 0
    assert penalty(TEN_A_DAY, None) == 0


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 10 * DAY), st.floats(-DAY, 1_000 * DAY))
def test_a_penalty_is_a_share_and_grows_with_time(per_day, at_most, grace, after):
    policy = Policy(DUE, per_day, at_most, grace)

    lost = penalty(policy, DUE + after)

    assert 0 <= lost <= at_most
    assert lost <= penalty(policy, DUE + after + DAY)


def test_rules_are_read_from_the_command_line():
    policy = policy_of("2026-03-31T23:59+09:00", ["per-day=10%", "at-most=50", "grace=2h"])

    assert policy == Policy(1774969140.0, 0.1, 0.5, 7_200)
    assert policy_of("2026-03-31", ["none"]).per_day == 0


@pytest.mark.parametrize(
    ("due", "rules"),
    [
        ("tomorrow", []),
        ("2026-03-31", ["per-day=110"]),
        ("2026-03-31", ["grace=2w"]),
        ("2026-03-31", ["twice"]),
        (None, ["per-day=10"]),
    ],
)
def test_a_rule_that_nobody_knows_is_refused(due, rules):
    with pytest.raises(UsageError):
        policy_of(due, rules)
