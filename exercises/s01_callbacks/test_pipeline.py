"""What stage 1 has to do. Each check runs your program in a process of its own."""

import pytest

from grader.judge import Contract, later, say
from grader.world import FAILURES, STEPS, Fault
from grader.world.troubles import AFTERWARDS, AT_ONCE, CALLBACKS, PROMPT
from shop import DetailsUnavailable, NoOrders, OrdersUnavailable, PaymentDeclined, UserNotFound

CONTRACT = Contract(
    "checkout(services, user_id, on_done, on_error)",
    services="callbacks",
    ends_by="callbacks",
)
pytestmark = pytest.mark.asyncio(loop_scope="session")

GIVEN = """
def checkout(services, user_id, on_done, on_error):
    def got_user(user):
        def got_orders(orders):
            def got_details(details):
                def paid(payment):
                    on_done(payment)

                services.process_payment(details, paid, _ignore)

            services.get_order_details(orders[0], got_details, _ignore)

        services.get_orders(user, got_orders, _ignore)

    services.get_user_data(user_id, got_user, _ignore)


def _ignore(error):
    pass
"""
"""The program that you were given, for the prediction."""


async def events_of(shop, submission):
    """The six events of one checkout, in the order in which they happen."""
    checkout = await submission.checkout(shop.customer())
    await shop.serve(checkout)
    names = {
        "called": lambda e: e.subject,
        "started": lambda e: "return",
        "told": lambda e: e.subject,
    }
    return [names[event.what](event) for event in shop.history if event.what in names]


@pytest.mark.check(points=3, rules="R1", hint="prediction")
async def test_prediction(shop, submission):
    """Says in PREDICTION what happens when; a program without one is judged by its own events."""
    events = await events_of(shop, submission)
    prediction = await submission.read("PREDICTION")

    if prediction is None:
        assert [event for event in events if event != "return"] == [*STEPS, "on_done"], say(
            "the events of one checkout were {events}", events=", ".join(events)
        )
    else:
        async with submission.of(GIVEN) as given:
            right = await events_of(*given)
        assert isinstance(prediction, list), say("PREDICTION is not a list of names")
        assert prediction, say("PREDICTION is still empty: put the six events in order")
        first = next(
            (name for name, said in zip(right, prediction, strict=False) if name != said), None
        )
        assert prediction == right, say(
            "PREDICTION does not fit the run; where it first differs, there was {first}",
            first=first,
        )


@pytest.mark.check(points=1, rules="R1 R3", hint="chain")
async def test_pays_the_first_order(shop, submission):
    """Pays the first order of the user, in four steps, once."""
    customer = shop.customer()

    checkout = await submission.checkout(customer)
    await shop.serve(checkout)
    await shop.serve_the_rest()

    checkout.must_pay()
    shop.must_have_seen(customer, STEPS)


async def must_end_at(step, error, shop, submission, *, times=1, **plan):
    """A failure of this step reaches the caller, however often he comes, and no further step begins."""
    customer = shop.customer(fails_at=step, **plan)
    for time in range(1, times + 1):
        checkout = await submission.checkout(customer)
        await shop.serve(checkout)
        await shop.serve_the_rest()
        checkout.must_fail_with(error)
        shop.must_have_seen(customer, STEPS[: STEPS.index(step) + 1] * time)


@pytest.mark.check(points=0.5, rules="R1", hint="errors")
async def test_user_not_found(shop, submission):
    """Tells the caller when step 1 fails, and stops."""
    await must_end_at("get_user_data", UserNotFound, shop, submission)


@pytest.mark.check(points=0.5, rules="R1", hint="errors")
async def test_orders_unavailable(shop, submission):
    """Tells the caller when step 2 fails, and stops."""
    await must_end_at("get_orders", OrdersUnavailable, shop, submission)


@pytest.mark.check(points=1, rules="R1", hint="errors")
async def test_details_unavailable(shop, submission):
    """Tells the caller when step 3 fails, and stops."""
    await must_end_at("get_order_details", DetailsUnavailable, shop, submission)


@pytest.mark.check(points=1, rules="R1 R3", hint="errors")
async def test_payment_declined(shop, submission):
    """Tells the caller when the payment is declined, and does not try again."""
    await must_end_at("process_payment", PaymentDeclined, shop, submission, times=2)


@pytest.mark.check(points=1, rules="R1", hint="errors")
async def test_bug_at_step_3(shop, submission):
    """Tells the caller of an error that nobody expected, too."""
    await must_end_at("get_order_details", KeyError, shop, submission, failure=KeyError)
    await must_end_at("get_orders", OSError, shop, submission, failure=OSError)
    lost = ConnectionResetError  # whoever asks again after that may pay twice
    await must_end_at("process_payment", lost, shop, submission, failure=lost)


@pytest.mark.check(points=1, rules="R2", hint="no-orders")
async def test_no_orders(shop, submission):
    """Ends with NoOrders when the user has none, without a further step."""
    customer = shop.customer(orders=0)

    checkout = await submission.checkout(customer)
    await shop.serve(checkout)

    checkout.must_fail_with(NoOrders)
    shop.must_have_seen(customer, STEPS[:2])


async def must_pay_in_spite_of(fault, shop, submission):
    """A service that misbehaves after its answer changes nothing, at any step, and be it after the end."""
    plans = [{"faults": {step: fault}} for step in STEPS]
    for plan in (*plans, {**plans[0], "late": 0.0}, {**plans[0], "late": 9.0}):
        customer = shop.customer(**plan)
        checkout = await submission.checkout(customer)
        await shop.serve(checkout)
        await shop.serve_the_rest()
        shop.must_have_seen(customer, STEPS)
        checkout.must_pay()


@pytest.mark.check(points=1, rules="R3", hint="once")
async def test_answered_twice(shop, submission):
    """Goes on once when a service answers twice."""
    await must_pay_in_spite_of(Fault.TWICE, shop, submission)

    # Nor is the caller told twice whose on_done raises.
    paid_twice = shop.customer(faults={STEPS[-1]: Fault.TWICE})
    checkout = await submission.checkout(paid_twice, caller_raises=True)
    await shop.serve_the_rest()
    checkout.must_not_have_told_twice("on_done")


@pytest.mark.check(points=1, rules="R3", hint="once")
async def test_error_after_answer(shop, submission):
    """Takes no notice of an error that comes after the answer, or of what comes after an error."""
    await must_pay_in_spite_of(Fault.LATE_ERROR, shop, submission)
    later = [(step, Fault.LATE_ERROR) for step in STEPS]
    later += [(step, Fault.LATE_ANSWER) for step in STEPS[:3]]
    failing = [shop.customer(fails_at=step, faults={step: fault}) for step, fault in later]
    checkouts = await submission.checkouts(failing)
    await shop.serve_the_rest()
    for (step, _), customer, checkout in zip(later, failing, checkouts, strict=True):
        if checkout.told_of == "on_error":  # else the points of that are lost, and not these
            checkout.must_fail_with(FAILURES[step])
            shop.must_have_seen(customer, STEPS[: STEPS.index(step) + 1])


@pytest.mark.check(points=1, hint="caller")
async def test_callers_exception(shop, submission):
    """Lets an exception out of the caller's own callback escape, and does not send it to on_error."""
    checkout = await submission.checkout(shop.customer(), caller_raises=True)
    await shop.serve(checkout)
    await shop.serve_the_rest()
    checkout.must_let_the_callers_bug_out()

    checkout = await submission.checkout(shop.customer(fails_at=STEPS[2]), caller_raises=True)
    await shop.serve_the_rest()
    if checkout.done:  # as above
        checkout.must_let_the_callers_bug_out("on_error")


@pytest.mark.check(points=0.5, hint="caller")
async def test_callers_exception_when_answers_come_at_once(shop, submission):
    """Lets the caller's exception escape even when all services answer before they return."""
    at_once = dict.fromkeys(STEPS, Fault.AT_ONCE)
    checkout = await submission.checkout(shop.customer(faults=at_once), caller_raises=True)
    await shop.serve_the_rest()
    checkout.must_let_the_callers_bug_out()

    # The caller's on_error may raise, too, and is not called again for that.
    failing = shop.customer(faults=at_once, fails_at="get_orders")
    checkout = await submission.checkout(failing, caller_raises=True)
    await shop.serve_the_rest()
    checkout.must_let_the_callers_bug_out("on_error")


@pytest.mark.check(points=0.5, rules="R1 R2", hint="at-once")
async def test_answers_at_once(shop, submission):
    """Works the same when a service answers before it returns."""
    at_once = dict.fromkeys(STEPS, Fault.AT_ONCE)
    for faults in (at_once, *({step: Fault.AT_ONCE} for step in STEPS)):
        customer = shop.customer(faults=faults)
        checkout = await submission.checkout(customer)
        await shop.serve(checkout)
        checkout.must_pay()
        shop.must_have_seen(customer, STEPS)

    for plan in ({"orders": 0}, *({"fails_at": step} for step in STEPS)):
        customer = shop.customer(faults=at_once, **plan)
        checkout = await submission.checkout(customer)
        await shop.serve(checkout)
        checkout.must_fail_with(FAILURES.get(plan.get("fails_at"), NoOrders))


@pytest.mark.check(points=0.5, rules="R1", hint="at-once")
async def test_raises_at_once(shop, submission):
    """Sends an error that a service raises at once to on_error, even one that nobody expected."""
    bugs = (*((step, None) for step in STEPS), *zip(STEPS, (KeyError, OSError) * 2, strict=True))
    for step, bug in bugs:
        customer = shop.customer(fails_at=step, failure=bug, faults={step: Fault.RAISES})
        checkout = await submission.checkout(customer)
        await shop.serve(checkout)
        await shop.serve_the_rest()
        checkout.must_fail_with(bug or FAILURES[step])
        shop.must_have_seen(customer, STEPS[: STEPS.index(step) + 1])


@pytest.mark.check(points=0.5, rules="R1 R3 R12", hint="once")
async def test_whatever_two_services_do(shop, submission):
    """Does what is right whatever one or two services do wrong, at whichever steps."""
    for kinds, among in ((CALLBACKS, None), (PROMPT, AT_ONCE)):
        customers = shop.customers_in_trouble(kinds, among=among)
        customers += [shop.customer(orders=0, faults={STEPS[1]: fault}) for fault in AFTERWARDS]
        runs = await submission.checkouts(customers)
        await shop.serve_the_rest()
        shop.must_have_dealt_with(runs)


@pytest.mark.check(points=0.5, rules="R4 R6", hint="overlap")
async def test_two_at_once(shop, submission):
    """Keeps checkouts apart that are under way at the same time, and has none wait for another."""
    for _ in range(3):
        paying, failing = shop.customer(), shop.customer(fails_at="get_order_details")
        shop.answer_in_any_order()
        first, second = await submission.checkout(paying), await submission.checkout(failing)
        shop.must_have_been_asked_by_all([paying, failing], STEPS[0], later("one beside the other"))
        await shop.serve(first, second)
        await shop.serve_the_rest()
        first.must_pay()
        second.must_fail_with(DetailsUnavailable)

    many = shop.customers(25, latency={STEPS[2]: 31.0})  # nobody sets a time limit here
    runs = await submission.checkouts(many)
    shop.must_have_been_asked_by_all(many, STEPS[0], later("while nothing was answered"))
    await shop.serve(*runs)
    for run in runs:
        run.must_pay()


@pytest.mark.check(points=0.5, rules="R3 R6", hint="overlap")
async def test_same_user_twice(shop, submission):
    """Keeps two checkouts of the same user apart, too."""
    customer = shop.customer()
    shop.answer_in_any_order()

    first, second = await submission.checkout(customer), await submission.checkout(customer)
    await shop.serve(first, second)
    await shop.serve_the_rest()

    first.must_pay()
    second.must_pay()
