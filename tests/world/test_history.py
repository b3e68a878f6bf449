"""The questions that checks ask of a history."""

import pytest

from grader.world import Event, History


@pytest.fixture
def history():
    """Two users' checkouts, one inside the other."""
    events = [
        Event("started", 0.0, "checkout", number=1, line=9),
        Event("called", 0.0, "get_user_data", user=1, number=1, line=10),
        Event("called", 0.1, "get_user_data", user=2, number=2, line=10),
        Event("answered", 0.2, "get_user_data", user=1, number=1, line=10),
        Event("called", 0.2, "get_orders", user=1, number=3, line=11),
        Event("raised", 0.3, "get_orders", user=1, number=3, line=11, text="no"),
        Event("abandoned", 0.4, "get_user_data", user=2, number=2),
        Event("ended", 0.4, "checkout", number=1, line=12, text="error"),
    ]
    history = History()
    for event in events:
        history.add(event)
    return history


def test_steps_are_those_called(history):
    """Calls count when they are made, in their order; answers and ends are no calls."""
    assert history.steps() == ["get_user_data", "get_user_data", "get_orders"]


def test_steps_of_one_user(history):
    """Each user's calls can be told apart."""
    assert history.steps(1) == ["get_user_data", "get_orders"]
    assert history.steps(2) == ["get_user_data"]
    assert history.steps(3) == []


def test_steps_from_an_entry_on(history):
    """What was called before an entry is left out; the entry itself counts."""
    assert history.steps(since=4) == ["get_orders"]
    assert history.steps(1, since=5) == []
    assert history.steps(since=len(history)) == []


def test_calls_are_the_events_themselves(history):
    """A call can be asked for its line and its time."""
    calls = history.calls(1)

    assert [(call.line, call.at) for call in calls] == [(10, 0.0), (11, 0.2)]


def test_last_line_is_the_latest_known(history):
    """Events without a line say nothing of where the program is."""
    assert history.last_line() == 12
    assert history.last_line(1) == 11
    assert history.last_line(2) == 10
    assert history.last_line(3) is None


def test_last_answer_may_be_an_error(history):
    """What a service raised is an answer, too; being cancelled is none."""
    assert history.last_answer(1).text == "no"
    assert history.last_answer(2) is None


def test_empty_history_knows_nothing():
    """Before anything happened, every question has an empty answer."""
    history = History()

    assert history.calls() == []
    assert history.last_line() is None
    assert history.last_answer(1) is None
    assert (len(history), list(history)) == (0, [])
