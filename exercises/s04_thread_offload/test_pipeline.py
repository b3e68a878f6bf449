"""What stage 4 has to do. Each check runs your program in a process of its own, with real threads."""

import pytest

from grader.judge import Broken, Contract, say
from grader.world import FAILURES
from grader.world import STEPS as ALL_STEPS
from shop import NoOrders

CONTRACT = Contract(
    "async checkout(user_id)",
    "async checkout_many(user_ids)",
    services="coroutines",
    desk="Checkout(services, sdk)",
)
pytestmark = pytest.mark.asyncio(loop_scope="session")
STEPS = (*ALL_STEPS[:3], "charge")


def last_one_first(shop, count):
    """Customers of whom the last comes to his charge before all others."""
    return [shop.customer(latency=0.1 * place) for place in range(count, 0, -1)]


@pytest.mark.check(points=3, rules="R4", hint="blocking")
async def test_loop_turns_while_charging(shop, submission):
    """Keeps the loop turning while a charge is inside the SDK."""
    customer = shop.customer()
    async with submission.desk():
        shop.hold("charge")
        checkout = await submission.checkout(customer)
        await shop.serve_until(shop.charging, checkout)
        await shop.must_be_charging(least=1, most=1)
        await shop.wait(60.0)
        shop.release()
        await shop.serve(checkout)
    checkout.must_pay()


@pytest.mark.check(points=2.5, rules="R4", hint="blocking")
async def test_loop_turns_while_charges_queue(shop, submission):
    """Keeps the loop turning while charges wait for their turn."""
    customers = last_one_first(shop, 5)
    async with submission.desk(max_parallel=2):
        shop.hold("charge")
        batch = await submission.checkout_many(customers)
        await shop.wait(2.0)
        await shop.must_be_charging(least=1, most=2)
        another = await submission.checkout(shop.customer(fails_at="get_orders"))
        await shop.serve(another)
        another.must_fail_with(FAILURES["get_orders"])
        shop.release()
        await shop.serve(batch)
    batch.must_give_each(customers)


@pytest.mark.check(points=0.5, rules="R1 R3", hint="chain")
async def test_pays_the_first_order(shop, submission):
    """Pays the first order of the user, in four steps, once."""
    customer = shop.customer()
    async with submission.desk():
        for times in (1, 2):  # who comes again is charged again
            checkout = await submission.checkout(customer)
            await shop.serve(checkout)
            checkout.must_pay()
            shop.must_have_seen(customer, STEPS * times)


async def must_end_at(step, shop, submission, *, bug=None, times=1):
    """A failure of this step comes out, however often the user comes, and no further step begins."""
    customer = shop.customer(fails_at=step, failure=bug)
    for time in range(1, times + 1):
        checkout = await submission.checkout(customer)
        await shop.serve(checkout)
        checkout.must_fail_with(bug or FAILURES[step])
        shop.must_have_seen(customer, STEPS[: STEPS.index(step) + 1] * time)


@pytest.mark.check(points=1, rules="R1", hint="errors")
async def test_failed_step_ends_the_checkout(shop, submission):
    """Raises what a step fails with, and stops."""
    async with submission.desk():
        for step in STEPS[:3]:
            await must_end_at(step, shop, submission)
        await must_end_at("get_order_details", shop, submission, bug=KeyError)
        failing = shop.customer(fails_at="get_user_data", latency=0.1)
        bug = shop.customer(fails_at="get_orders", failure=ConnectionResetError, latency=0.2)
        batch = await submission.checkout_many([failing, bug])
        await shop.serve(batch)
    batch.must_raise(ConnectionResetError)


@pytest.mark.check(points=0.5, rules="R2", hint="errors")
async def test_no_orders(shop, submission):
    """Raises NoOrders when the user has none, and charges nothing."""
    customer = shop.customer(orders=0)
    async with submission.desk():
        checkout = await submission.checkout(customer)
        await shop.serve(checkout)
    checkout.must_fail_with(NoOrders)
    shop.must_have_seen(customer, STEPS[:2])


@pytest.mark.check(points=1, rules="R1 R3", hint="errors")
async def test_payment_declined(shop, submission):
    """Raises PaymentDeclined out of the thread, and does not try again."""
    async with submission.desk():
        await must_end_at("charge", shop, submission, times=2)
        customer = shop.customer()
        checkout = await submission.checkout(customer)
        await shop.serve(checkout)
    checkout.must_pay()


@pytest.mark.check(points=0.5, rules="R5", hint="errors")
async def test_bug_in_the_sdk(shop, submission):
    """Lets an error out of the SDK that nobody expected, from a checkout and from a batch."""
    key, value = (
        shop.customer(fails_at="charge", failure=bug, latency=0.1) for bug in (KeyError, ValueError)
    )
    ann, bob = shop.customers(2, latency=0.3)  # of whom one is inside charge when the bug comes out
    later = shop.customer()  # by then both turns at the SDK had a bug
    async with submission.desk(max_parallel=2):
        checkout = await submission.checkout(key)
        await shop.serve(checkout)
        await must_end_at("charge", shop, submission, bug=ConnectionResetError)
        shop.hold("charge")
        batch = await submission.checkout_many([ann, value, bob])
        await shop.wait(2.0)
        shop.release()
        await shop.serve(batch)
        after = await submission.checkout(later)
        await shop.serve(after)
    checkout.must_raise(KeyError)
    batch.must_raise(ValueError)
    after.must_pay()


@pytest.mark.check(points=0.5, rules="R5 R6", hint="batch")
async def test_batch_keeps_order_and_failures(shop, submission):
    """Gives results in the order of the input, repeats kept, a ShopError as a value."""
    ann = shop.customer()
    failing = [shop.customer(fails_at=step) for step in STEPS]
    customers = [ann, *failing, shop.customer(orders=0), ann]
    async with submission.desk(max_parallel=3):
        shop.answer_in_any_order()
        shop.hold("charge")
        batch = await submission.checkout_many(customers)
        await shop.wait(2.0)
        shop.release()
        await shop.serve(batch)
        empty = await submission.checkout_many([])
        nothing = [shop.customer(orders=0)]
        alone = await submission.checkout_many(nothing)
        await shop.serve(empty, alone)
    batch.must_give_each(customers)
    empty.must_give_each([])
    alone.must_give_each(nothing)


@pytest.mark.check(points=0.5, rules="R5 R6", hint="batch")
async def test_batch_in_every_order_of_its_charges(shop, submission):
    """Gives results in the order of the input, in whatever order its charges leave the SDK."""
    orders = list(shop.finishes(3))
    batches = [shop.customers(3) for _ in orders]
    async with submission.desk(max_parallel=3 * len(orders)):
        runs = await submission.batches(batches)
        await shop.serve_in_orders(runs, orders)
    for run, customers in zip(runs, batches, strict=True):
        run.must_give_each(customers)


async def must_keep_the_limit(limit, shop, submission, *, mixed=False, use_it=False):
    """Six checkouts of one desk: so many callers are inside charge, whoever leaves."""
    customers = shop.customers(6)
    async with submission.desk(max_parallel=limit):
        shop.hold("charge")
        half = len(customers) // 2 if mixed else 0
        runs = [await submission.checkout(customer) for customer in customers[:half]]
        runs.append(await submission.checkout_many(customers[half:]))
        for left in range(len(customers), 0, -1):
            await shop.wait(2.0)
            least = min(limit, left) if use_it else 1
            await shop.must_be_charging(least=least, most=limit)
            await shop.answer_a_charge()
        await shop.serve(*runs)
    shop.must_have_charged(customers)


@pytest.mark.check(points=2, rules="R13", hint="limit")
async def test_limit_of_one(shop, submission):
    """Never lets a second caller into an SDK that takes one."""
    await must_keep_the_limit(1, shop, submission)


@pytest.mark.check(points=2, rules="R13", hint="limit")
async def test_limit_of_three(shop, submission):
    """Never lets a fourth caller into an SDK that takes three."""
    await must_keep_the_limit(3, shop, submission)


@pytest.mark.check(points=2, rules="R13", hint="limit")
async def test_limit_over_single_checkouts(shop, submission):
    """Keeps the limit over all checkouts of the desk, not for each batch."""
    await must_keep_the_limit(2, shop, submission, mixed=True)


@pytest.mark.check(points=1, rules="R13 R6", hint="utilisation")
async def test_uses_the_whole_limit(shop, submission):
    """Has as many callers inside the SDK as it takes, as long as there is work; at every desk."""
    async with submission.desk(max_parallel=1):  # whose limit is no other desk's
        await shop.serve(await submission.checkout(shop.customer()))
    await must_keep_the_limit(5, shop, submission, use_it=True)


@pytest.mark.check(points=1, rules="R13 R6", hint="utilisation")
async def test_takes_no_turn_before_it_charges(shop, submission):
    """Keeps nobody out of the SDK for checkouts that are still at an earlier step."""
    for together in (False, True):
        # Whoever takes a turn too early takes it first: the slow ones are two steps ahead of the quick.
        slow = shop.customers(2, latency={**dict.fromkeys(STEPS, 0.1), STEPS[2]: 20.0})
        quick = [shop.customer(latency=each) for each in (0.3, 0.4)]
        async with submission.desk(max_parallel=2):
            runs = (
                [await submission.checkout_many([*slow, *quick])]
                if together
                else [await submission.checkout(customer) for customer in (*slow, *quick)]
            )
            shop.hold("charge")
            await shop.wait(3.0)
            await shop.must_be_charging(least=2, most=2)
            shop.release()
            await shop.serve(*runs)


@pytest.mark.check(points=2, rules="R14", hint="context")
async def test_charge_sees_the_callers_context(shop, submission):
    """Charges in the context of its caller, so the payment carries his request id."""
    customers = shop.customers(3)
    ids = [f"request-{shop.draw.getrandbits(32):08x}" for _ in customers]
    async with submission.desk(max_parallel=2):
        shop.hold("charge")
        runs = [
            await submission.checkout(customer, request_id=request_id)
            for customer, request_id in zip(customers, ids, strict=True)
        ]
        batched = [shop.customers(1) for _ in ids]  # so that no order of results has a say here
        batches = [
            await submission.checkout_many(alone, request_id=request_id)
            for alone, request_id in zip(batched, ids, strict=True)
        ]
        await shop.wait(2.0)
        shop.release()
        await shop.serve(*runs, *batches)
    for run, request_id in zip(runs, ids, strict=True):
        run.must_pay(request_id=request_id)
    for batch, alone, request_id in zip(batches, batched, ids, strict=True):
        batch.must_give_each(alone, request_id=request_id)


@pytest.mark.check(points=0.5, rules="R10 R15", hint="queued")
async def test_cancelled_before_charging(shop, submission):
    """Ends as cancelled at whichever await it is cancelled, and charges nothing."""
    async with submission.desk(max_parallel=3):
        (first,) = await submission.checkouts(shop.twins(1))
        moves = await shop.moves_of(first, until=shop.charging)
        for scope in (False, True):
            runs = await submission.checkouts(shop.twins(moves), scoped=scope)
            await shop.cancel_one_after_each_move(runs, scope=scope)
            await shop.serve_the_rest()
            for run in runs:
                run.must_be_cancelled()
                run.must_go_on_no_more()


@pytest.mark.check(points=1.5, rules="R15", hint="queued")
async def test_cancelled_while_queued(shop, submission):
    """Never charges a checkout that was cancelled while it waited for its turn."""
    customers = shop.customers(4)
    async with submission.desk():
        shop.hold("charge")
        runs = {customer: await submission.checkout(customer) for customer in customers}
        await shop.wait(2.0)
        inside = await shop.the_one_charging()
        queued = [customer for customer in customers if customer is not inside]
        for customer in queued[:2]:
            await runs[customer].cancel()
        batch = await submission.checkout_many(shop.customers(2))
        await shop.wait(2.0)
        await batch.cancel()
        shop.release()
        await shop.serve(*runs.values(), batch)
        shop.hold("charge")
        half = await submission.checkout_many(shop.customers(3))
        await shop.wait(2.0)
        await shop.the_one_charging()
        await half.cancel()  # one of it is inside, and the others are not
        shop.release()
        await shop.serve(half)
    for cancelled in (batch, half):
        cancelled.must_be_cancelled()
        cancelled.must_go_on_no_more()
    for customer in queued[:2]:
        runs[customer].must_be_cancelled()
        runs[customer].must_go_on_no_more()
    runs[inside].must_pay()
    runs[queued[2]].must_pay()


async def must_keep_its_turn(shop, submission, *, scope, batches=False):
    """Cancelled inside the SDK, a checkout keeps its turn until the SDK lets go."""
    customers = shop.customers(2)
    async with submission.desk():
        shop.hold("charge")
        runs = {
            customer: await submission.checkout_many([customer], scoped=scope)
            if batches
            else await submission.checkout(customer, scoped=scope)
            for customer in customers
        }
        await shop.wait(2.0)
        inside = await shop.the_one_charging()
        (queued,) = (customer for customer in customers if customer is not inside)
        await runs[inside].cancel(scope=scope)
        await shop.wait(2.0)
        await shop.must_be_charging(least=1, most=1)
        await shop.answer_a_charge()
        shop.release()
        await shop.serve(*runs.values())
    if not scope:  # out of a scope it may come with the payment that was made meanwhile
        runs[inside].must_be_cancelled()
    runs[queued].must_give_each([queued]) if batches else runs[queued].must_pay()


@pytest.mark.check(points=3, rules="R15", hint="mid-charge")
async def test_cancelled_while_charging(shop, submission):
    """Keeps the turn of a checkout that is cancelled inside the SDK until the SDK lets go."""
    try:
        await must_keep_its_turn(shop, submission, scope=False)
    except Broken as native:
        # Task.cancel() comes once, a cancel scope again and again: either is good for the points.
        try:
            await must_keep_its_turn(shop, submission, scope=True)
        except Broken:
            raise native from None


@pytest.mark.check(points=2, rules="R15", hint="mid-charge", bonus=True)
async def test_cancelled_while_charging_either_way(shop, submission):
    """Keeps that turn against Task.cancel(), in a batch, too, and against a cancel scope."""
    await must_keep_its_turn(shop, submission, scope=False)
    await must_keep_its_turn(shop, submission, scope=False, batches=True)
    await must_keep_its_turn(shop, submission, scope=True)


@pytest.mark.check(points=2, rules="R16", hint="executor")
async def test_leaves_the_default_executor_free(shop, submission):
    """Does not fill the loop's default executor with charges that only wait."""
    alone, customers = shop.customers(3), last_one_first(shop, 6)
    async with submission.desk(default_threads=3):
        shop.hold("charge")
        runs = [await submission.checkout(customer) for customer in alone]
        await shop.wait(2.0)
        await shop.must_have_a_free_executor(threads=3)
        batch = await submission.checkout_many(customers)
        await shop.wait(2.0)
        await shop.must_have_a_free_executor(threads=3)
        shop.release()
        await shop.serve(*runs, batch)
    batch.must_give_each(customers)


@pytest.mark.check(points=1.5, rules="R17", hint="close")
async def test_closes_without_leftovers(shop, submission):
    """Leaves no thread and no task behind, and does not pile them up on the way."""
    async with submission.desk(max_parallel=2) as desk:
        for _ in range(4):
            customers = shop.twins(4)
            batch = await submission.checkout_many(customers)
            await shop.serve(batch)
            batch.must_give_each(customers)
        shop.must_have_few_threads(12)

        bug = shop.customer(fails_at="get_orders", failure=KeyError)
        broken = await submission.checkout_many([bug, *shop.customers(2, latency=5.0)])
        await shop.serve(broken)
        shop.hold("charge")
        gone = await submission.checkout(shop.customer())
        await shop.serve_until(shop.charging, gone)
        await gone.cancel()
        shop.release()
        await shop.serve(gone)
        slow = [shop.customer(latency={step: 60.0}) for step in STEPS[:3]]
        runs = [await submission.checkout(customer) for customer in slow]
        await shop.wait(2.0)
        for run in runs:
            await run.cancel()
        closing = await desk.close_desk()
        if closing.done:
            await shop.must_have_nothing_running()
    await shop.must_have_nothing_running()


async def must_wait_for_a_charge(shop, submission, *, raises):
    """Left while charges are inside the SDK, the desk waits for both, and the loop turns meanwhile."""
    async with submission.desk(max_parallel=2) as desk:
        shop.hold("charge")
        one_by_one = [shop.customer(latency=each) for each in (0.1, 0.2)]
        checkouts = await submission.checkouts(one_by_one)
        await shop.wait(2.0)
        for checkout in checkouts:
            await checkout.cancel()
        closing = await desk.close_desk(raises=raises)
        await shop.wait(31.0)  # nobody promises how long a charge takes
        for _ in checkouts:
            await desk.ping()
            if closing.done:
                waiting = next((run for run in checkouts if not run.done), checkouts[0])
                await shop.must_not_leave_a_charge_behind(waiting)
            if shop.charging():
                await shop.answer_a_charge()
        await shop.serve_the_rest()
    for checkout in checkouts:
        checkout.must_be_cancelled()


@pytest.mark.check(points=1, rules="R17 R4", hint="close")
async def test_closing_does_not_block(shop, submission):
    """Keeps the loop turning while it closes, and does not forget a charge inside the SDK."""
    await must_wait_for_a_charge(shop, submission, raises=False)


@pytest.mark.check(points=0.5, rules="R17 R4", hint="close")
async def test_left_by_an_exception(shop, submission):
    """Waits for a charge inside the SDK when it is left by an exception, too, and lets that out."""
    await must_wait_for_a_charge(shop, submission, raises=True)


@pytest.mark.check(points=1, rules="R17", hint="close", bonus=True)
async def test_cancelled_while_closing(shop, submission):
    """Waits for a charge inside the SDK even if the closing is cancelled, and ends as cancelled."""
    async with submission.desk() as desk:
        shop.hold("charge")
        checkout = await submission.checkout(shop.customer())
        await shop.serve_until(shop.charging, checkout)
        await checkout.cancel()
        closing = await desk.close_desk()
        for _ in range(2):
            await desk.cancel(closing)
        if closing.done:
            await shop.must_not_leave_a_charge_behind(checkout)
        await shop.serve_the_rest()
    how = closing.ends[0].how
    assert how == "cancelled", say(
        "closing the desk was cancelled, and ended with a {how}", how=how
    )
    checkout.must_be_cancelled()
