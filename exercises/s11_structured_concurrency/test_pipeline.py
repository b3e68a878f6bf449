"""What stage 11 has to do. Each check runs your program in a process of its own."""

import pytest

from grader.judge import Contract
from grader.world import STEPS, Fault
from shop import NoOrders, PaymentDeclined

BONUS = True
CONTRACT = Contract(
    "async checkout(services, user_id, *, patience)",
    "async checkout_many(services, user_ids, *, patience)",
    services="coroutines",
    backends=("asyncio", "trio"),
)
PAYING = STEPS[-1]
LONG = 60.0
pytestmark = pytest.mark.asyncio(loop_scope="session")


def ways(submission):
    """How a run is cancelled: by a scope, again and again; on asyncio natively, too."""
    return (True, False) if submission.backend == "asyncio" else (True,)


@pytest.mark.check(points=0.5, rules="R1 R3", hint="chain")
async def test_pays_the_first_order(shop, submission):
    """Pays the first order of the user, in four steps, once."""
    customer = shop.customer()

    checkout = await submission.checkout(customer, patience=LONG)
    await shop.serve(checkout)
    await shop.serve_the_rest()

    checkout.must_pay()
    shop.must_have_seen(customer, STEPS)


@pytest.mark.check(points=0.25, rules="R1 R2", hint="errors")
async def test_errors_come_out_bare(shop, submission):
    """Raises the ShopError of a step, bare and not in a group, and stops."""
    for step in STEPS:
        customer = shop.customer(fails_at=step)
        checkout = await submission.checkout(customer, patience=LONG)
        await shop.serve(checkout)
        checkout.must_fail_with(type(customer.failure))
        shop.must_have_seen(customer, STEPS[: STEPS.index(step) + 1])

    without = await submission.checkout(shop.customer(orders=0), patience=LONG)
    await shop.serve(without)
    without.must_fail_with(NoOrders)


@pytest.mark.check(points=0.25, rules="R1 R5", hint="bugs")
async def test_bugs_come_out(shop, submission):
    """Raises an error that is no ShopError, out of a checkout at each step, and out of a batch."""
    for step in STEPS:
        buggy = shop.customer(fails_at=step, failure=KeyError)
        checkout = await submission.checkout(buggy, patience=LONG)
        await shop.serve(checkout)
        checkout.must_raise(KeyError)
    impatient = shop.customer(fails_at=PAYING, failure=KeyError, latency=0.5)
    checkout = await submission.checkout(impatient, patience=1.8)
    await shop.serve(checkout)
    checkout.must_raise(KeyError)

    bug = shop.customer(fails_at=STEPS[2], failure=KeyError, latency=1.0)
    quick, slow = shop.customer(latency=0.2), shop.customer(latency=5.0)
    batch = await submission.checkout_many([quick, bug, slow], patience=LONG)
    await shop.serve(batch)
    batch.must_raise(KeyError)


@pytest.mark.check(points=0.75, rules="R11", hint="patience")
async def test_gives_up_before_it_pays(shop, submission):
    """Gives None when its patience ends before the payment has begun, and nothing goes on."""
    for step in STEPS[:-1]:
        customer = shop.customer(faults={step: Fault.SILENT}, latency=0.2)
        checkout = await submission.checkout(customer, patience=2.0)
        await shop.serve(checkout)
        checkout.must_give(None)
        checkout.must_end_after(2.0)
        checkout.must_have_let_go()
        await shop.serve_the_rest()
        checkout.must_go_on_no_more()


@pytest.mark.check(points=1, rules="R11", hint="shield")
async def test_a_payment_outlasts_its_patience(shop, submission):
    """Carries a payment through that has begun, though its patience ends meanwhile, and gives it."""
    paying = shop.customer(latency={**dict.fromkeys(STEPS, 0.2), PAYING: 9.0})
    declined = shop.customer(fails_at=PAYING, latency=dict.fromkeys(STEPS, 0.5))

    checkout = await submission.checkout(paying, patience=2.0)
    refused = await submission.checkout(declined, patience=1.8)
    await shop.serve(checkout, refused)

    checkout.must_give_something()
    checkout.must_have_carried_through(PAYING)
    checkout.must_pay()
    refused.must_fail_with(PaymentDeclined)


@pytest.mark.check(points=0.75, rules="R10", hint="cancel")
async def test_cancelled_before_it_pays(shop, submission):
    """Ends as cancelled at every step before the payment, and begins no further one."""
    for scope in ways(submission):
        for step in STEPS[:-1]:
            customer = shop.customer()
            (checkout,) = await submission.checkouts([customer], patience=LONG, scoped=scope)
            await shop.serve_until_asked(customer, step, checkout)
            await checkout.cancel(scope=scope)
            await shop.serve_the_rest()
            checkout.must_be_cancelled()
            checkout.must_have_let_go()
            checkout.must_go_on_no_more()


async def must_carry_on(shop, submission, *, scope):
    """A checkout that is cancelled while it pays, ends when it has paid."""
    customer = shop.customer(latency=1.0)
    (checkout,) = await submission.checkouts([customer], patience=LONG, scoped=scope)
    await shop.serve_until_asked(customer, PAYING, checkout)
    await checkout.cancel(scope=scope)
    await shop.serve_the_rest()
    checkout.must_have_carried_through(PAYING)


@pytest.mark.check(points=1, rules="R15", hint="shield")
async def test_scope_cancelled_while_it_pays(shop, submission):
    """Carries a payment through that has begun when a cancel scope round it is cancelled."""
    await must_carry_on(shop, submission, scope=True)


@pytest.mark.check(points=0.5, rules="R15", hint="native", backends="asyncio")
async def test_task_cancelled_while_it_pays(shop, submission):
    """Carries a payment through that has begun when its task is cancelled by asyncio."""
    await must_carry_on(shop, submission, scope=False)


@pytest.mark.check(points=0.5, rules="R5 R6", hint="batch")
async def test_batch(shop, submission):
    """Runs a batch side by side, each once: in its order a payment, a ShopError, or None for whom it gave up."""
    stuck = shop.customer(faults={STEPS[0]: Fault.SILENT})
    customers = [shop.customer(latency=1.3 - place / 10) for place in range(8)]
    customers += [shop.customer(fails_at=step, latency=1.0) for step in STEPS]
    customers += [shop.customer(orders=0, latency=1.0), customers[0]]

    batch = await submission.checkout_many([*customers, stuck], patience=6.0)
    await shop.serve(batch)

    batch.must_give_something()
    batch.must_end_after(6.0)
    batch.must_give_each([*customers, None])

    empty = await submission.checkout_many([], patience=6.0)
    await shop.serve(empty)
    empty.must_give_each([])


@pytest.mark.check(points=0.5, rules="R12", hint="batch-ends")
async def test_batch_ends_with_all_its_tasks(shop, submission):
    """Lets those of a cancelled batch pay who have begun to, stops the others, and leaves nothing running."""
    for scope in ways(submission):
        paying, early = shop.customer(latency=0.5), shop.customer(latency=1.0)
        (batch,) = await submission.batches([[paying, early]], patience=LONG, scoped=scope)
        await shop.serve_until_asked(paying, PAYING, batch)
        await batch.cancel(scope=scope)
        await shop.serve_the_rest()
        batch.must_be_cancelled()
        batch.must_have_let_go()
        shop.must_have_charged([paying])
        batch.must_go_on_no_more()
        await shop.must_have_nothing_running()
