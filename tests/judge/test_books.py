"""What the books say of a step: pure decisions on numbers."""

from hypothesis import given
from hypothesis import strategies as st

from grader.judge.books import COMPUTED, ENDLESS, PER_CALL, SLEPT, audit, is_endless
from grader.judge.kernel import Step
from grader.results import Kind

seconds = st.floats(0, 100)
calls = st.integers(0, 5_000)


@given(seconds, st.floats(0, SLEPT), st.floats(0, 1), calls)
def test_step_within_its_means_is_innocent(wall, slept, share, count):
    """However long it took on the wall, a step that neither slept nor computed too much is fine."""
    step = Step(wall, share * (COMPUTED + PER_CALL * count), slept)

    assert audit(step, count, 31) is None


@given(st.floats(SLEPT * 1.01, 100), seconds, calls)
def test_sleep_is_blocking_whatever_else_was_done(slept, computed, count):
    """No number of calls excuses a sleep outside the selector."""
    found = audit(Step(slept + computed, computed, slept), count, 31)

    assert found.kind is Kind.BLOCKING
    assert "slept" in found.message
    assert (found.file, found.line) == ("pipeline.py", 31)


@given(st.floats(1.01, 100), calls)
def test_computing_is_blocking_beyond_what_the_calls_cost(factor, count):
    """Starting a batch is work; anything far beyond it is blocking."""
    computed = factor * (COMPUTED + PER_CALL * count)

    found = audit(Step(computed, computed, 0.0), count, None)

    assert found.kind is Kind.BLOCKING
    assert "computed" in found.message
    assert (found.file, found.line) == (None, None)


def test_message_says_how_long():
    """The learner reads milliseconds."""
    found = audit(Step(0.2, 0.0, 0.051), 0, None)

    assert "51 ms" in found.message


@given(seconds, calls)
def test_step_in_progress_gets_more_time_with_more_calls(computed, count):
    """A step is given up only when it has computed more than its calls excuse."""
    assert is_endless(computed, count) == (computed > ENDLESS + PER_CALL * count)
    assert not is_endless(computed, count) or is_endless(computed + 1, count)


@given(seconds, calls)
def test_step_that_is_not_waited_for_would_be_blamed_at_its_end(computed, count):
    """Giving up early never accuses a step that the books would have let pass."""
    blamed = audit(Step(computed, computed, 0.0), count, None)

    assert blamed or not is_endless(computed, count)
