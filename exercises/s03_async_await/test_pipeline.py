"""What stage 3 has to do. Each check runs your program in a process of its own."""

import pytest

from grader.judge import Contract, later
from grader.world import STEPS, Fault
from grader.world.troubles import COROUTINES
from shop import DetailsUnavailable, NoOrders, OrdersUnavailable, PaymentDeclined, UserNotFound

CONTRACT = Contract(
    "async checkout(services, user_id, *, timeout)",
    "async checkout_many(services, user_ids)",
    services="coroutines",
)
pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.check(points=2, rules="R1 R3", hint="chain")
async def test_pays_the_first_order(shop, submission):
    """Pays the first order of the user, in four steps, once."""
    customer = shop.customer()

    checkout = await submission.checkout(customer)
    await shop.serve(checkout)
    await shop.serve_the_rest()

    checkout.must_pay()
    shop.must_have_seen(customer, STEPS)


async def must_end_at(step, error, shop, submission, *, times=1, **plan):
    """A failure of this step comes out, however often the user comes, and no further step begins."""
    customer = shop.customer(fails_at=step, **plan)
    for time in range(1, times + 1):
        checkout = await submission.checkout(customer)
        await shop.serve(checkout)
        await shop.serve_the_rest()
        checkout.must_fail_with(error)
        shop.must_have_seen(customer, STEPS[: STEPS.index(step) + 1] * time)


@pytest.mark.check(points=0.5, rules="R1", hint="errors")
async def test_user_not_found(shop, submission):
    """Raises what step 1 fails with, and stops."""
    await must_end_at("get_user_data", UserNotFound, shop, submission)


@pytest.mark.check(points=0.5, rules="R1", hint="errors")
async def test_orders_unavailable(shop, submission):
    """Raises what step 2 fails with, and stops."""
    await must_end_at("get_orders", OrdersUnavailable, shop, submission)


@pytest.mark.check(points=1, rules="R1", hint="errors")
async def test_details_unavailable(shop, submission):
    """Raises what step 3 fails with, and stops."""
    await must_end_at("get_order_details", DetailsUnavailable, shop, submission)


@pytest.mark.check(points=1, rules="R1 R3", hint="errors")
async def test_payment_declined(shop, submission):
    """Raises PaymentDeclined, and does not try again."""
    await must_end_at("process_payment", PaymentDeclined, shop, submission, times=2)


@pytest.mark.check(points=1, rules="R1", hint="errors")
async def test_bug_at_step_3(shop, submission):
    """Lets an error out that nobody expected, too."""
    await must_end_at("get_order_details", KeyError, shop, submission, failure=KeyError)
    await must_end_at("get_orders", OSError, shop, submission, failure=OSError)
    for lost in (ConnectionResetError, TimeoutError):  # whoever asks again may pay twice
        await must_end_at("process_payment", lost, shop, submission, failure=lost)


@pytest.mark.check(points=1, rules="R2", hint="no-orders")
async def test_no_orders(shop, submission):
    """Raises NoOrders when the user has none, without a further step."""
    customer = shop.customer(orders=0)

    checkout = await submission.checkout(customer)
    await shop.serve(checkout)

    checkout.must_fail_with(NoOrders)
    shop.must_have_seen(customer, STEPS[:2])


async def must_stop(run, shop):
    """Once cancelled, it ends as cancelled, lets go of its call, and begins no further step."""
    await shop.serve_the_rest()
    run.must_be_cancelled()
    run.must_have_let_go()
    run.must_go_on_no_more()


@pytest.mark.check(points=3, rules="R10", hint="cancel")
async def test_cancelled_at_each_step(shop, submission):
    """Ends as cancelled at whichever await it is cancelled, and starts no later step."""
    for step in STEPS:
        customer = shop.customer()
        checkout = await submission.checkout(customer)
        await shop.serve_until_asked(customer, step, checkout)
        await checkout.cancel()
        await must_stop(checkout, shop)

    left, stays = await submission.checkouts([shop.customer()] * 2)  # of the same user
    await left.cancel()
    await shop.serve(stays)
    left.must_be_cancelled()
    stays.must_pay()


@pytest.mark.check(points=1, rules="R10 R11", hint="cancel")
async def test_cancelled_under_a_timeout(shop, submission):
    """Ends as cancelled, and not as timed out, when it is cancelled before its time is up."""
    first = await submission.checkout(*shop.twins(1), timeout=30.0)
    moves = await shop.moves_of(first)
    for scope in (False, True):
        runs = await submission.checkouts(shop.twins(moves), timeout=30.0, scoped=scope)
        await shop.cancel_one_after_each_move(runs, scope=scope)
        for run in runs:
            await must_stop(run, shop)


@pytest.mark.check(points=1, rules="R10 R12", hint="cancel")
async def test_batch_cancelled(shop, submission):
    """Cancels its checkouts when the batch is cancelled."""
    (first,) = await submission.batches(shop.twin_batches(1, size=3))
    moves = await shop.moves_of(first)
    for scope in (False, True):
        batches = await submission.batches(shop.twin_batches(moves, size=3), scoped=scope)
        await shop.cancel_one_after_each_move(batches, scope=scope)
        for batch in batches:
            await must_stop(batch, shop)


@pytest.mark.check(points=1.5, rules="R11", hint="timeout")
async def test_timeout_at_each_step(shop, submission):
    """Raises TimeoutError when the time is up, at whichever step, and nothing goes on."""
    for step in STEPS:
        customer = shop.customer(faults={step: Fault.SILENT})
        checkout = await submission.checkout(customer, timeout=2.0)
        await shop.serve(checkout)
        checkout.must_fail_with(TimeoutError)
        checkout.must_end_after(2.0)
        checkout.must_have_let_go()
        await shop.serve_the_rest()
        checkout.must_go_on_no_more()


@pytest.mark.check(points=1, rules="R11", hint="timeout")
async def test_timeout_covers_the_whole(shop, submission):
    """Counts the time over all four steps, not for each."""
    # Each step takes a second: before, at and after each of the first three answers.
    for timeout in (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5):
        checkout = await submission.checkout(shop.customer(latency=1.0), timeout=timeout)
        await shop.serve(checkout)
        await shop.serve_the_rest()
        checkout.must_fail_with(TimeoutError)
        checkout.must_end_after(timeout)
        checkout.must_go_on_no_more()


@pytest.mark.check(points=0.5, rules="R11", hint="timeout")
async def test_ample_timeout(shop, submission):
    """Pays as ever when there is time enough, or no limit."""
    for timeout, latency in ((5.0, 0.8), (None, 0.8), (70.0, 15.0), (None, 15.0)):
        checkout = await submission.checkout(shop.customer(latency=latency), timeout=timeout)
        await shop.serve(checkout)
        checkout.must_pay()


@pytest.mark.check(points=0.5, rules="R11", hint="timeout")
async def test_timeout_ends_with_the_checkout(shop, submission):
    """Leaves no time limit behind for its caller, who goes on when it has paid or failed."""
    customers = [shop.customer(fails_at=step) for step in ("", *STEPS)]
    checkouts = await submission.checkouts(customers, timeout=9.0, goes_on=20.0)
    await shop.serve_the_rest()
    shop.must_have_dealt_with(checkouts)


@pytest.mark.check(points=0.5, rules="R1 R11", hint="errors")
async def test_whatever_two_services_do(shop, submission):
    """Does what is right whatever one or two services do wrong, at whichever steps."""
    customers = shop.customers_in_trouble(COROUTINES)
    runs = await submission.checkouts(customers, timeout=5.0)
    await shop.serve_the_rest()
    shop.must_have_dealt_with(runs, silence=TimeoutError)
    for run in runs:
        run.must_have_let_go()


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
    failing = [shop.customer(fails_at=step, latency=0.2) for step in STEPS[::3]]
    for nobody_pays in ([shop.customer(orders=0)], failing):
        batch = await submission.checkout_many(nobody_pays)
        await shop.serve(batch)
        batch.must_give_each(nobody_pays)


@pytest.mark.check(points=1, rules="R5", hint="batch")
async def test_empty_batch(shop, submission):
    """Gives an empty list for no users."""
    batch = await submission.checkout_many([])
    await shop.serve(batch)

    batch.must_give_each([])


@pytest.mark.check(points=1, rules="R5", hint="batch")
async def test_batch_keeps_repeats(shop, submission):
    """Checks a user out as often as the input names him."""
    ann, bob = shop.customer(), shop.customer()

    batch = await submission.checkout_many([ann, ann, bob, ann])
    await shop.serve(batch)

    batch.must_give_each([ann, ann, bob, ann])


@pytest.mark.check(points=3, rules="R6", hint="overlap")
async def test_checkouts_overlap(shop, submission):
    """Lets the checkouts of a batch overlap: none waits for another."""
    customers = shop.customers(10)
    shop.hold(STEPS[0])
    batch = await submission.checkout_many(customers)
    await shop.wait(1.0)
    shop.must_have_been_asked_by_all(customers, STEPS[0], later("while nothing was answered"))

    late, *others = customers
    shop.hold(STEPS[1], late)
    await shop.wait(3.0)
    shop.must_have_been_asked_by_all(others, STEPS[-1], later("while one was behind"))

    shop.hold(STEPS[-1])
    await shop.wait(3.0)
    shop.must_have_been_asked_by_all(customers, STEPS[-1], later("while no payment was answered"))

    shop.release()
    await shop.serve(batch)
    batch.must_give_each(customers)


@pytest.mark.check(points=1.5, rules="R5", hint="bugs")
async def test_bug_comes_out_of_the_batch(shop, submission):
    """Raises an error that is no ShopError, instead of hiding it among the results."""
    for failure, step in ((KeyError, "process_payment"), (TimeoutError, "get_order_details")):
        bug, failing = (
            shop.customer(fails_at=step, failure=what, latency=1.0) for what in (failure, None)
        )
        quick, slow = shop.customer(latency=0.2), shop.customer(latency=5.0)

        batch = await submission.checkout_many([quick, failing, bug, slow])
        await shop.serve(batch)

        batch.must_raise(failure)


@pytest.mark.check(points=1.5, rules="R12", hint="bugs")
async def test_bug_stops_the_other_checkouts(shop, submission):
    """Stops the other checkouts before such an error comes out."""
    bug = shop.customer(fails_at="get_order_details", failure=ValueError, latency=1.0)
    slow, paying = shop.customer(latency=5.0), shop.customer(latency=0.9)

    batch = await submission.checkout_many([slow, bug, paying])
    await shop.serve(batch)

    batch.must_have_let_go()
    await shop.serve_the_rest()
    batch.must_go_on_no_more()
    batch.must_raise(ValueError)
    shop.must_have_seen(slow, STEPS[:1])


@pytest.mark.check(points=2, rules="R12", hint="left-running")
async def test_nothing_is_left_running(shop, submission):
    """Leaves nothing running, however its checkouts end."""
    customers = [
        shop.customer(),
        shop.customer(fails_at="process_payment"),
        shop.customer(orders=0, latency=0.1),
    ]
    batch = await submission.checkout_many(customers)
    late = await submission.checkout(shop.customer(latency=5.0), timeout=1.0)
    await shop.serve(batch, late)
    bug = shop.customer(fails_at="get_orders", failure=KeyError, latency=1.0)
    broken, left = await submission.batches([[bug, shop.customer(latency=5.0)], shop.twins(2)])
    await left.cancel()
    gone = await submission.checkout(shop.customer(), timeout=9.0)
    await gone.cancel()
    await shop.serve(broken, left, gone)

    await shop.must_have_nothing_running()
    late.must_have_let_go()
    late.must_fail_with(TimeoutError)
    batch.must_give_each(customers)


@pytest.mark.check(points=2, rules="R4", hint="blocking")
async def test_never_blocks(shop, submission):
    """Keeps the loop turning through a batch of 200, and waits without polling."""
    customers = [*shop.crowd(190), *shop.crowd(10, fails_at="get_order_details")]

    batch = await submission.checkout_many(customers)
    await shop.serve(batch)

    batch.must_give_each(customers)
