"""All that may go wrong is thought of, nothing that cannot meet, and what is right then is known."""

import itertools
import math
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.world import FAILURES, STEPS, Fault, World
from grader.world.troubles import (
    AT_ONCE,
    CALLBACKS,
    PROMPT,
    Fate,
    Trouble,
    every_trouble,
    fate_of,
    finishes,
    interleavings,
    plan,
)
from shop import NoOrders

KINDS = (*PROMPT, Fault.SILENT)
EVERY = every_trouble(KINDS)


def customer_with(*troubles, **more):
    """A customer of a fresh world."""
    return World(random.Random(1)).add(**plan(troubles), **more)


def test_every_trouble_comes_alone_at_every_step():
    """Nothing is left out."""
    alone = {troubles for troubles in EVERY if len(troubles) == 1}

    assert alone == {(Trouble(step, what),) for step in STEPS for what in KINDS}


def test_no_trouble_comes_after_the_end():
    """A step that is never called cannot go wrong."""
    for first, second in (pair for pair in EVERY if len(pair) == 2):
        assert not first.is_last or first.step == second.step


def test_two_troubles_at_every_two_steps():
    """Whatever lets the checkout go on meets everything at each later step."""
    pairs = {pair for pair in EVERY if len(pair) == 2}

    for early, late in itertools.combinations(STEPS, 2):
        for what in (Fault.TWICE, Fault.LATE_ERROR, Fault.AT_ONCE):
            for other in KINDS:
                assert (Trouble(early, what), Trouble(late, other)) in pairs


def test_troubles_among_some_kinds_leave_out_the_others():
    """What is tried elsewhere is not tried again."""
    some = every_trouble(PROMPT, among=AT_ONCE)

    assert {*some} == {*every_trouble(PROMPT)} - {*every_trouble(CALLBACKS)}


def test_a_service_that_is_silent_or_raises_does_nothing_else():
    """Silence and a second answer exclude each other."""
    for troubles in EVERY:
        by_step = Counter(trouble.step for trouble in troubles)
        for trouble in troubles:
            assert by_step[trouble.step] == 1 or trouble.what not in (Fault.SILENT, Fault.RAISES)


@pytest.mark.parametrize("troubles", EVERY, ids=str)
def test_plan_makes_a_customer_with_just_these_troubles(troubles):
    """What was planned is what the world knows of the customer."""
    customer = customer_with(*troubles)

    faults = {(t.step, t.what) for t in troubles if isinstance(t.what, Fault)}
    assert {(step, fault) for step, some in customer.faults.items() for fault in some} == faults
    failing = [t for t in troubles if not isinstance(t.what, Fault)]
    assert customer.fails_at == (failing[0].step if failing else "")
    if failing:
        kind = KeyError if failing[0].what == "bug" else FAILURES[failing[0].step]
        assert type(customer.failure) is kind


@pytest.mark.parametrize("troubles", EVERY, ids=str)
def test_fate_ends_at_the_first_trouble_that_ends_a_checkout(troubles):
    """Up to there all steps are called, and none afterwards."""
    last = [trouble for trouble in troubles if trouble.is_last]

    fate = fate_of(customer_with(*troubles))

    if not last:
        assert fate == Fate(STEPS)
    else:
        assert fate.steps[-1] == last[0].step
        assert fate.steps == STEPS[: len(fate.steps)]
        assert fate.ends is (last[0].what is not Fault.SILENT)


def test_silence_ends_a_checkout_that_has_a_timeout():
    """Then it is not for ever."""
    customer = customer_with(Trouble("get_orders", Fault.SILENT))

    assert fate_of(customer, silence=TimeoutError) == Fate(STEPS[:2], TimeoutError)


def test_user_without_orders_ends_at_the_second_step():
    """Whatever was planned for later."""
    customer = customer_with(Trouble("get_order_details", "fails"), orders=0)

    assert fate_of(customer) == Fate(STEPS[:2], NoOrders)


def test_troubles_of_callbacks_never_answer_at_once():
    """A service that may answer at once makes each call wait for the judge's word, which takes time."""
    assert not {Fault.AT_ONCE, Fault.RAISES} & set(CALLBACKS)


@given(st.integers(1, 3), st.integers(1, 3))
def test_interleavings_are_all_there_are(checkouts, replies):
    """As many as there are, each once, each with every reply."""
    orders = list(interleavings(checkouts, replies))

    count = math.factorial(checkouts * replies) // math.factorial(replies) ** checkouts
    assert len(set(orders)) == len(orders) == count
    assert all(Counter(order) == dict.fromkeys(range(checkouts), replies) for order in orders)


def test_two_checkouts_of_four_steps_have_seventy_orders():
    """Few enough to try them all."""
    assert len(list(interleavings(2, 4))) == 70


@given(st.integers(1, 5), st.integers(1, 4))
def test_finishes_are_all_permutations_of_the_last_reply(checkouts, replies):
    """Each checkout gets all its replies; only who is last, and who is before him, differs."""
    orders = list(finishes(checkouts, replies))

    assert {order[-checkouts:] for order in orders} == set(itertools.permutations(range(checkouts)))
    assert all(Counter(order) == dict.fromkeys(range(checkouts), replies) for order in orders)
