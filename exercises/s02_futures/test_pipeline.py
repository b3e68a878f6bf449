"""What stage 2 has to do. Each check runs your program in a process of its own."""

import itertools

import pytest

from grader.judge import Contract, later
from grader.world import FAILURES, STEPS, Fault
from grader.world.troubles import AFTERWARDS, AT_ONCE, CALLBACKS, PROMPT
from shop import DetailsUnavailable, NoOrders, OrdersUnavailable, PaymentDeclined, UserNotFound

CONTRACT = Contract(
    "checkout(services, user_id)",
    "checkout_many(services, user_ids)",
    services="callbacks",
    ends_by="future",
    plain=True,
)
pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.check(points=1, rules="R1 R3", hint="future")
async def test_pays_the_first_order(shop, submission):
    """Gives a future of the payment of the user's first order, made in four steps, once."""
    customer = shop.customer()

    checkout = await submission.checkout(customer)
    await shop.serve(checkout)
    await shop.serve_the_rest()

    checkout.must_pay()
    shop.must_have_seen(customer, STEPS)


@pytest.mark.check(points=1, rules="R7", hint="future")
async def test_returns_a_pending_future_at_once(shop, submission):
    """Returns a pending future at once, before any service has answered."""
    checkout = await submission.checkout(shop.customer())
    nobody_limits_this = {**dict.fromkeys(STEPS, 0.2), STEPS[2]: 31.0}
    slow = shop.customers(2, latency=nobody_limits_this)
    batch = await submission.checkout_many(slow)

    checkout.must_be_pending()
    batch.must_be_pending()
    await shop.serve(checkout, batch)
    checkout.must_pay()
    batch.must_give_each(slow)


async def must_end_at(step, error, shop, submission, *, times=1, **plan):
    """A failure of this step fails the future, however often the user comes, and no further step begins."""
    customer = shop.customer(fails_at=step, **plan)
    for time in range(1, times + 1):
        checkout = await submission.checkout(customer)
        await shop.serve(checkout)
        await shop.serve_the_rest()
        checkout.must_fail_with(error)
        shop.must_have_seen(customer, STEPS[: STEPS.index(step) + 1] * time)


@pytest.mark.check(points=0.5, rules="R1", hint="errors")
async def test_user_not_found(shop, submission):
    """Fails the future when step 1 fails, and stops."""
    await must_end_at("get_user_data", UserNotFound, shop, submission)


@pytest.mark.check(points=0.5, rules="R1", hint="errors")
async def test_orders_unavailable(shop, submission):
    """Fails the future when step 2 fails, and stops."""
    await must_end_at("get_orders", OrdersUnavailable, shop, submission)


@pytest.mark.check(points=1, rules="R1", hint="errors")
async def test_details_unavailable(shop, submission):
    """Fails the future when step 3 fails, and stops."""
    await must_end_at("get_order_details", DetailsUnavailable, shop, submission)


@pytest.mark.check(points=1, rules="R1 R3", hint="errors")
async def test_payment_declined(shop, submission):
    """Fails the future when the payment is declined, and does not try again."""
    await must_end_at("process_payment", PaymentDeclined, shop, submission, times=2)


@pytest.mark.check(points=1, rules="R1", hint="errors")
async def test_bug_at_step_3(shop, submission):
    """Fails the future with an error that nobody expected, too."""
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
    """A service that misbehaves after its answer changes nothing, at any step."""
    plans = [{"faults": {step: fault}} for step in STEPS]
    for plan in (*plans, {**plans[0], "late": 0.0}):
        customer = shop.customer(**plan)
        checkout = await submission.checkout(customer)
        await shop.serve(checkout)
        await shop.serve_the_rest()
        shop.must_have_seen(customer, STEPS)
        checkout.must_pay()


@pytest.mark.check(points=2, rules="R3 R8", hint="once")
async def test_answered_twice(shop, submission):
    """Goes on once when a service answers twice."""
    await must_pay_in_spite_of(Fault.TWICE, shop, submission)


@pytest.mark.check(points=0.5, rules="R3 R8", hint="once")
async def test_error_after_answer(shop, submission):
    """Takes no notice of an error that comes after the answer, or of an answer after an error."""
    await must_pay_in_spite_of(Fault.LATE_ERROR, shop, submission)
    for step in STEPS[:3]:
        customer = shop.customer(fails_at=step, faults={step: Fault.LATE_ANSWER})
        checkout = await submission.checkout(customer)
        await shop.serve_the_rest()
        if checkout.done and not checkout.gave_a_value:  # or else it loses the points of that
            checkout.must_fail_with(FAILURES[step])
            shop.must_have_seen(customer, STEPS[: STEPS.index(step) + 1])


@pytest.mark.check(points=2, rules="R8", hint="at-once")
async def test_answers_at_once(shop, submission):
    """Works the same when a service answers before it returns, even twice."""
    at_once = dict.fromkeys(STEPS, Fault.AT_ONCE)
    twice = dict.fromkeys(STEPS, (Fault.AT_ONCE, Fault.TWICE))
    for faults in (at_once, twice, *({step: Fault.AT_ONCE} for step in STEPS)):
        customer = shop.customer(faults=faults)
        checkout = await submission.checkout(customer)
        await shop.serve(checkout)
        checkout.must_pay()
        shop.must_have_seen(customer, STEPS)

    for plan in ({"orders": 0}, *({"fails_at": step} for step in STEPS)):
        checkout = await submission.checkout(shop.customer(faults=at_once, **plan))
        await shop.serve(checkout)
        checkout.must_not_raise_out()
        checkout.must_fail_with(FAILURES.get(plan.get("fails_at"), NoOrders))

    customers = [shop.customer(faults=faults) for faults in (at_once, {}, twice, at_once)]
    batch = await submission.checkout_many(customers)
    await shop.serve(batch)
    batch.must_give_each(customers)


@pytest.mark.check(points=2, rules="R7 R8", hint="at-once")
async def test_raises_at_once(shop, submission):
    """Fails the future when a service raises at once, whatever it is; the call itself never raises."""
    bugs = (*((step, None) for step in STEPS), *zip(STEPS, (KeyError, OSError) * 2, strict=True))
    for step, bug in bugs:
        customer = shop.customer(fails_at=step, failure=bug, faults={step: Fault.RAISES})
        checkout = await submission.checkout(customer)
        await shop.serve(checkout)
        checkout.must_not_raise_out()
        checkout.must_fail_with(bug or FAILURES[step])
        shop.must_have_seen(customer, STEPS[: STEPS.index(step) + 1])

    bug = shop.customer(fails_at=STEPS[0], failure=KeyError, faults={STEPS[0]: Fault.RAISES})
    batch = await submission.checkout_many([shop.customer(), bug])
    await shop.serve(batch)
    await shop.serve_the_rest()
    batch.must_not_raise_out()
    batch.must_raise(KeyError)


@pytest.mark.check(points=0.5, rules="R1 R3 R8", hint="once")
async def test_whatever_two_services_do(shop, submission):
    """Does what is right whatever one or two services do wrong, at whichever steps."""
    for kinds, among in (((*CALLBACKS, Fault.SILENT), None), (PROMPT, AT_ONCE)):
        customers = shop.customers_in_trouble(kinds, among=among)
        customers += [shop.customer(orders=0, faults={STEPS[1]: fault}) for fault in AFTERWARDS]
        runs = await submission.checkouts(customers)
        await shop.serve_the_rest()
        shop.must_have_dealt_with(runs)
        await shop.break_silence()


@pytest.mark.check(points=3, rules="R9", hint="cancel")
async def test_cancelled_at_each_step(shop, submission):
    """Starts no further step once it is cancelled, at whichever step; late answers do no harm."""
    for step, late in itertools.product(STEPS, ("an answer", "a failure")):
        customer = shop.customer(fails_at=step if late == "a failure" else "")
        checkout = await submission.checkout(customer)
        await shop.serve_until_asked(customer, step, checkout)
        await checkout.cancel()
        await shop.serve_the_rest()
        checkout.must_be_cancelled()
        checkout.must_go_on_no_more()

    left, stays = await submission.checkouts([shop.customer()] * 2)  # of the same user
    await left.cancel()
    await shop.serve(stays)
    left.must_be_cancelled()
    stays.must_pay()


@pytest.mark.check(points=1, rules="R9", hint="cancel")
async def test_batch_cancelled(shop, submission):
    """Cancels its checkouts when the batch is cancelled."""
    (first,) = await submission.batches(shop.twin_batches(1, size=3))
    moves = await shop.moves_of(first)
    batches = await submission.batches(shop.twin_batches(moves, size=3))
    await shop.cancel_one_after_each_move(batches)
    await shop.serve_the_rest()
    for batch in batches:
        batch.must_be_cancelled()
        batch.must_go_on_no_more()

    failing = shop.customer(fails_at=STEPS[0], latency=0.2)
    ann, bob = shop.customers(2, latency=0.5)
    batch = await submission.checkout_many([failing, ann, bob, ann])
    await shop.wait(0.3)  # one has failed by then
    await batch.cancel()
    await shop.serve_the_rest()
    batch.must_be_cancelled()
    batch.must_go_on_no_more()


@pytest.mark.check(points=1, rules="R5", hint="batch")
async def test_batch_keeps_the_order_of_its_input(shop, submission):
    """Gives the results in the order of the input, in whatever order they come."""
    orders = list(shop.orders(samples=4))
    batches = [shop.customers(max(order) + 1) for order in orders]
    runs = await submission.batches(batches)
    await shop.serve_in_orders(runs, orders)
    for run, customers in zip(runs, batches, strict=True):
        run.must_give_each(customers)


@pytest.mark.check(points=1, rules="R5", hint="batch")
async def test_batch_keeps_failures_as_values(shop, submission):
    """Keeps a ShopError as a value in its slot, and the payments of the others."""
    failing = [shop.customer(fails_at=step) for step in STEPS]
    customers = [shop.customer(), *failing, shop.customer(orders=0), shop.customer()]
    shop.answer_in_any_order()

    batch = await submission.checkout_many(customers)
    await shop.serve(batch)

    batch.must_give_each(customers)

    shop.answer_when_due()
    twice = shop.customer(faults={STEPS[-1]: Fault.TWICE}, latency=0.2)
    failing = [shop.customer(fails_at=step, latency=0.2) for step in STEPS[::3]]
    for customers in ([shop.customer(orders=0)], failing, [twice, shop.customer(latency=2.0)]):
        batch = await submission.checkout_many(customers)
        await shop.serve(batch)
        batch.must_give_each(customers)


@pytest.mark.check(points=0.5, rules="R5", hint="batch")
async def test_empty_batch(shop, submission):
    """Gives an empty list for no users."""
    batch = await submission.checkout_many([])
    await shop.serve(batch)

    batch.must_give_each([])


@pytest.mark.check(points=0.5, rules="R5", hint="batch")
async def test_batch_keeps_repeats(shop, submission):
    """Checks a user out as often as the input names him."""
    ann, bob = shop.customer(), shop.customer()

    batch = await submission.checkout_many([ann, ann, bob, ann])
    await shop.serve(batch)

    batch.must_give_each([ann, ann, bob, ann])


@pytest.mark.check(points=1, rules="R5", hint="bugs")
async def test_bug_comes_out_of_the_batch(shop, submission):
    """Raises an error that is no ShopError, instead of hiding it among the results."""
    for failure in (KeyError, ValueError, OSError):
        bug = shop.customer(fails_at="get_order_details", failure=failure)

        ann, bob = shop.customer(fails_at="get_orders", latency=0.02), shop.customer(latency=2.0)
        batch = await submission.checkout_many([ann, bug, bob])
        await shop.serve(batch)
        await shop.serve_the_rest()

        batch.must_raise(failure)


@pytest.mark.check(points=2, rules="R4 R6", hint="overlap")
async def test_checkouts_overlap(shop, submission):
    """Lets the checkouts of a batch overlap: none waits for another."""
    customers = shop.customers(10)
    shop.hold(STEPS[0])
    batch = await submission.checkout_many(customers)
    await shop.wait(1.0)
    shop.must_have_been_asked_by_all(customers, STEPS[0], later("while nothing was answered"))

    shop.hold(STEPS[-1])
    await shop.wait(3.0)
    shop.must_have_been_asked_by_all(customers, STEPS[-1], later("while no payment was answered"))

    shop.release()
    await shop.serve(batch)
    batch.must_give_each(customers)


@pytest.mark.check(points=1, rules="R4 R12", hint="clean")
async def test_loop_hears_of_nothing(shop, submission):
    """Leaves nothing for the loop to complain about, whatever goes wrong."""
    for fault in (Fault.TWICE, Fault.LATE_ERROR, Fault.AT_ONCE):
        failing = [shop.customer(fails_at=step, faults={step: fault}) for step in STEPS]
        checkouts = await submission.checkouts(failing)
        await shop.serve(*checkouts)
        await shop.serve_the_rest()
        shop.must_have_dealt_with(checkouts)

    customers = [shop.customer(fails_at=step, latency=0.2) for step in STEPS]
    batch = await submission.checkout_many(customers)
    await shop.serve(batch)
    batch.must_give_each(customers)

    bugs = [shop.customer(fails_at=STEPS[2], failure=KeyError, latency=s) for s in (0.2, 0.2, 0.9)]
    batch = await submission.checkout_many(bugs)
    await shop.serve(batch)
    await shop.serve_the_rest()
    batch.must_raise(KeyError)

    paying, left = await submission.batches(shop.twin_batches(2, size=2))
    await left.cancel()
    await shop.serve(paying, left)
