"""What stage 5 has to do. Each check runs your program in a process of its own."""

import itertools

import pytest

from grader.judge import Contract
from grader.protocol.values import Given
from grader.world import Fault
from shop import UserNotFound

BONUS = True
CONTRACT = Contract(
    "always_later(call_soon, fn)",
    "classify(fn)",
    services="callbacks",
    ends_by="callbacks",
    plain=True,
)
STEP = "get_user_data"
CALL_SOON = Given("call_soon")
TRIES = 10
pytestmark = pytest.mark.asyncio(loop_scope="session")


def asks_for(customer):
    """The function that is given: it asks the shop for this customer, and takes two callbacks."""
    return Given(STEP, (customer.id,))


async def later(submission, customer, **how):
    """Make a function that answers later, and ask it."""
    given = (CALL_SOON, asks_for(customer))
    return await submission.ask("always_later", *given, customer=customer, **how)


@pytest.mark.check(points=1, rules="R8", hint="later")
async def test_calls_back_after_it_has_returned(shop, submission):
    """Calls back only after it has returned, though the answer was there at once."""
    customer = shop.customer(faults={STEP: Fault.AT_ONCE})

    (asking,) = await later(submission, customer)
    await shop.serve(asking)

    asking.must_have_told_later()
    asking.must_give(customer.user)
    shop.must_have_seen(customer, [STEP])


@pytest.mark.check(points=0.5, rules="R1", hint="late-answers")
async def test_passes_on_what_comes_later(shop, submission):
    """Passes on an answer, or an error, that comes later by itself."""
    for customer in (shop.customer(), shop.customer(fails_at=STEP)):
        (asking,) = await later(submission, customer)
        await shop.serve(asking)

        if customer.failure is None:
            asking.must_give(customer.user)
        else:
            asking.must_fail_with(UserNotFound)


@pytest.mark.check(points=0.5, rules="R1 R8", hint="errors")
async def test_errors_come_later_too(shop, submission):
    """Keeps an error that is there at once, whatever it is, and tells it as late as an answer."""
    for fault, error in itertools.product((Fault.AT_ONCE, Fault.RAISES), (UserNotFound, KeyError)):
        customer = shop.customer(faults={STEP: fault}, fails_at=STEP, failure=error)

        (asking,) = await later(submission, customer)
        await shop.serve(asking)

        asking.must_have_told_later()
        asking.must_fail_with(error)


@pytest.mark.check(points=0.5, rules="R8", hint="once")
async def test_tells_once(shop, submission):
    """Tells its caller once, whatever comes after the first answer."""
    for faults in (
        {Fault.TWICE},
        {Fault.LATE_ERROR},
        {Fault.AT_ONCE, Fault.TWICE},
        {Fault.AT_ONCE, Fault.LATE_ERROR},
        {Fault.AT_ONCE, Fault.RAISES},
    ):
        for fails_at, word in (("", "on_done"), (STEP, "on_error")):
            customer = shop.customer(faults={STEP: faults}, fails_at=fails_at)

            (asking,) = await later(submission, customer)
            await shop.serve(asking)
            await shop.serve_the_rest()

            asking.must_have_told(word)


@pytest.mark.check(points=0.5, rules="R8", hint="once")
async def test_answers_each_asking(shop, submission):
    """Answers every caller of the one function that it made."""
    customer = shop.customer(turns={STEP: (False, True)})

    askings = await later(submission, customer, times=3)
    await shop.serve(*askings)

    for asking in askings:
        asking.must_have_told_later()
        asking.must_give(customer.user)


@pytest.mark.check(points=0.5, rules="R5", hint="order")
async def test_keeps_the_order(shop, submission):
    """Calls back in the order in which the answers came."""
    at_once = await later(submission, shop.customer(faults={STEP: Fault.AT_ONCE}), times=4)
    slow, quick = shop.customer(latency=0.3), shop.customer(latency=0.1)
    (third,), (second,) = [await later(submission, customer) for customer in (slow, quick)]
    await shop.serve(*at_once, second, third)

    shop.must_have_told_in_order([*at_once, second, third])


@pytest.mark.check(points=0.5, rules="R1", hint="callers-exception")
async def test_callers_exception_is_the_callers(shop, submission):
    """Leaves an exception of the caller's own callback alone: neither on_error nor silence."""
    customer = shop.customer(faults={STEP: Fault.AT_ONCE})

    (asking,) = await later(submission, customer, caller_raises=True)
    await shop.serve(asking)

    asking.must_let_the_callers_bug_out()


async def must_be_classified(shop, submission, kind, **how):
    """A function that answers so is of this kind; only ten calls tell, unless it is both."""
    customer = shop.customer(**how)
    verdict = await submission.apply("classify", asks_for(customer), customer=customer)
    await shop.serve_the_rest()
    verdict.must_give(kind)
    if kind != "both":
        shop.must_have_seen(customer, [STEP] * TRIES)


@pytest.mark.check(points=0.5, hint="classify")
async def test_tells_sync_from_async(shop, submission):
    """Calls a function that always answers before it returns sync, one that never does async."""
    at_once = {STEP: Fault.AT_ONCE}

    await must_be_classified(shop, submission, "sync", faults=at_once)
    await must_be_classified(shop, submission, "async")
    await must_be_classified(shop, submission, "sync", faults=at_once, fails_at=STEP)
    await must_be_classified(shop, submission, "async", fails_at=STEP)


@pytest.mark.check(points=0.5, hint="both")
async def test_finds_zalgo(shop, submission):
    """Calls a function both that answers sometimes at once, be it in one of ten calls."""
    for place in (0, shop.draw.randrange(1, TRIES - 1), TRIES - 1):
        for odd in (True, False):
            turns = {STEP: tuple((turn == place) is odd for turn in range(TRIES))}
            await must_be_classified(shop, submission, "both", turns=turns)
            twice = {STEP: Fault.TWICE}
            await must_be_classified(shop, submission, "both", turns=turns, faults=twice)
