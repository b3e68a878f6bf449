"""The events that explain a finding: the right ones, in order, few enough, and marked where it went wrong."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judge.evidence import FEW, MOST, OPERATIONS, Focus, evidence, follow
from grader.results import Event
from grader.world import around

USERS = range(1, 9)
OWNERS = {1: (1,), 2: (2,), 3: (3, 4, 5), 4: tuple(USERS), 5: ()}

services = st.builds(
    Event,
    what=st.sampled_from(["called", "answered", "raised", "abandoned", "misused"]),
    at=st.just(0.0),
    subject=st.sampled_from(["get_user_data", "charge"]),
    user=st.none() | st.sampled_from(USERS),
    number=st.integers(1, 40),
)
operations = st.builds(
    Event,
    what=st.sampled_from(sorted(OPERATIONS)),
    at=st.just(0.0),
    subject=st.just("checkout"),
    number=st.sampled_from(sorted(OWNERS)),
)


@st.composite
def histories(draw):
    """A history as time makes it: numbered by `line`, so that each event is itself."""
    events = draw(st.lists(services | operations, max_size=50))
    return [
        msgspec.structs.replace(event, at=1000 + place / 8, line=place + 1)
        for place, event in enumerate(events)
    ]


@st.composite
def questions(draw):
    """A history and what a finding in it is about."""
    events = draw(histories())
    seen = draw(st.none() | st.integers(0, len(events)))
    end = len(events) if seen is None else seen
    focus = Focus(
        draw(st.frozensets(st.sampled_from(USERS), max_size=3)),
        draw(st.sampled_from([0, *OWNERS])),
        draw(st.sampled_from(["", "charge"])),
        draw(st.none() | st.integers(0, end - 1)) if end else None,
        seen,
    )
    return events, focus, draw(st.integers(2, 20))


@given(questions())
def test_what_is_told_is_a_part_of_what_happened_in_its_order(question):
    events, focus, most = question

    told = evidence(events, focus, OWNERS, most)

    places = [event.line - 1 for event in told]
    assert places == sorted(set(places))
    assert len(told) <= most
    assert all(
        event.at == (events[p].at - events[0].at) for event, p in zip(told, places, strict=True)
    )
    assert focus.seen is None or all(place < focus.seen for place in places)


@given(questions())
def test_the_wrong_event_is_always_told_and_is_the_only_one(question):
    events, focus, most = question

    told = evidence(events, focus, OWNERS, most)

    wrong = [event.line - 1 for event in told if event.wrong]
    assert len(wrong) == bool(told)
    assert focus.at is None or wrong == [focus.at]


@given(questions())
def test_only_those_concerned_are_told_of(question):
    events, focus, most = question

    told = evidence(events, focus, OWNERS, most)

    for event in told:
        if event.what not in OPERATIONS and event.line - 1 != focus.at and focus.users:
            assert event.user in {None, *focus.users}
            assert focus.step in ("", event.subject)


@given(questions())
def test_what_is_left_out_is_counted(question):
    events, focus, most = question

    everything = evidence(events, focus, OWNERS, most=1_000)
    told = evidence(events, focus, OWNERS, most)

    assert len(told) + sum(event.left_out for event in told) == len(everything)


@given(histories())
def test_without_a_focus_no_more_are_followed_than_fit_beside_each_other(events):
    told = evidence(events, Focus(), OWNERS, most=1_000)

    assert len({event.user for event in told if event.what not in OPERATIONS} - {None}) <= FEW


@given(st.integers(1, 400), st.integers(2, MOST), st.data())
def test_a_long_list_is_cut_around_one_place(total, most, data):
    at = data.draw(st.integers(0, total - 1))

    kept = around(total, most, at)

    assert kept == sorted(set(kept))
    assert len(kept) == min(total, most)
    assert at in kept
    assert kept[-1] == total - 1


def test_an_operation_for_one_customer_belongs_to_him():
    events = [
        Event("called", 5.0, "get_user_data", 2, 1),
        Event("ended", 5.5, "checkout", None, 2, text="the payment of order 11"),
        Event("ended", 6.0, "checkout_many", None, 4),
    ]

    told = evidence(events, Focus(frozenset({2})), OWNERS)

    assert [event.user for event in told] == [2, 2, None]
    assert [event.at for event in told] == [0.0, 0.5, 1.0]


def test_only_the_checkouts_of_a_batch_that_are_concerned_are_told_of():
    """With 200 customers the one whose payment is missing is not hidden by the others."""
    events = [Event("called", 1.0, "get_user_data", user, user) for user in range(200)]

    told = evidence(events, Focus(frozenset({77}), at=77), {1: tuple(range(200))})

    assert told == (Event("called", 0.0, "get_user_data", 77, 77, wrong=True),)


@pytest.mark.parametrize(
    ("batch", "first", "followed"),
    [
        (range(3), [1], {0, 1, 2}),
        (range(200), [7, 9], {7, 9}),
        ([4, 4, 4], [], {4}),
        (range(200), [], set()),
    ],
)
def test_a_small_batch_is_followed_whole(batch, first, followed):
    assert follow(batch, first) == followed
