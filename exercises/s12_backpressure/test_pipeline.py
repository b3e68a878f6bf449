"""What stage 12 has to do. Each check runs your program in a process of its own."""

import pytest

from grader.judge import Contract, later
from grader.world import STEPS

BONUS = True
CONTRACT = Contract("checkout_stream(services, ids, limit)", services="coroutines")
LIMIT = 3
pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.check(points=0.5, rules="R5", hint="order")
async def test_keeps_the_order_of_the_ids(shop, submission):
    """Gives the payments in the order of the ids, in whatever order they come."""
    customers = shop.customers(8)
    shop.answer_in_any_order()

    async with submission.stream(customers, LIMIT) as stream:
        await stream.must_give_each(customers)

    slow_first = [shop.customer(latency=2.0), *shop.customers(3, latency=0.1)]
    for named in (slow_first, [slow_first[0], slow_first[0], slow_first[1]]):
        async with submission.stream(named, LIMIT) as stream:
            await stream.must_give_each(named)


@pytest.mark.check(points=0.5, rules="R1 R2 R5", hint="failures")
async def test_failures_are_values(shop, submission):
    """Gives a ShopError in its place, and goes on."""
    failing = [shop.customer(fails_at=step) for step in STEPS]
    customers = [shop.customer(), *failing, shop.customer(orders=0), shop.customer()]

    async with submission.stream(customers, LIMIT) as stream:
        await stream.must_give_each(customers)


@pytest.mark.check(points=0.25, rules="R5", hint="end")
async def test_ends_with_its_ids(shop, submission):
    """Ends when the ids do: at once without any, and with fewer than the limit."""
    for customers in ([], shop.customers(1), shop.customers(LIMIT - 1, latency=0.2)):
        async with submission.stream(customers, LIMIT) as stream:
            await stream.must_give_each(customers)


@pytest.mark.check(points=0.25, rules="R6", hint="source")
async def test_gives_what_is_there_while_it_reads(shop, submission):
    """Gives a result that is there, though the next id takes its time."""
    ann, bob = shop.customer(latency=0.1), shop.customer(latency=0.1)
    async with submission.stream([ann, bob], LIMIT, pace=40.0) as stream:
        first = await stream.next()

        first.must_be_the_outcome_of(ann)
        first.must_end_after(40.4)


@pytest.mark.check(points=0.5, rules="R6", hint="overlap")
async def test_has_as_many_in_flight_as_it_may(shop, submission):
    """Begins as many checkouts as the limit allows, and gives a result without waiting for others."""
    alone = shop.customer(latency=0.1)
    async with submission.stream([alone], 1) as stream:  # whose limit is no other stream's
        (await stream.next()).must_be_the_outcome_of(alone)

    quick, *slow = [shop.customer(latency=0.1), *shop.customers(LIMIT, latency=5.0)]
    shop.hold(STEPS[0])
    async with submission.stream([quick, *slow], LIMIT) as stream:
        first = await stream.pull()
        await shop.wait(1.0)
        shop.must_have_been_asked_by_all(
            [quick, *slow[: LIMIT - 1]], STEPS[0], later("while nothing was answered")
        )

        shop.release()
        await shop.wait(1.0)
        first.must_be_the_outcome_of(quick)

        await stream.pull()
        await shop.wait(1.0)
        shop.must_have_been_asked_by_all(slow, STEPS[0], later("though one result had been taken"))


@pytest.mark.check(points=0.75, rules="R13", hint="limit")
async def test_never_has_more_in_flight(shop, submission):
    """Never has more checkouts in flight than the limit, be it one."""
    for limit in (1, LIMIT):
        customers = shop.customers(7)
        async with submission.stream(customers, limit) as stream:
            for _ in customers:
                (await stream.next()).must_be_the_outcome_of(*customers)
            (await stream.next()).must_be_over()
        shop.must_have_charged(customers)
        shop.must_never_have_had_in_flight(customers, most=limit)


@pytest.mark.check(points=0.75, hint="ahead")
async def test_reads_no_further_than_the_limit(shop, submission):
    """Reads no further ahead than the limit, whether its caller is slow or the first checkout is."""
    customers = [shop.customer(latency=9.0), *shop.customers(9, latency=0.1)]
    async with submission.stream(customers, LIMIT) as stream:
        first = await stream.pull()
        await shop.wait(8.0)
        stream.must_not_have_read_ahead(LIMIT)

        await shop.serve(first)
        for _ in customers[1:]:
            (await stream.next()).must_be_the_outcome_of(*customers)
            await shop.wait(5.0)
            stream.must_not_have_read_ahead(LIMIT)
        (await stream.next()).must_be_over()
        shop.must_have_charged(customers)


async def must_stop(shop, stream):
    """It is closed, and nothing goes on."""
    await stream.aclose()

    await shop.must_have_nothing_running()
    await shop.serve_the_rest()
    stream.must_have_stopped()


@pytest.mark.check(points=0.75, rules="R12", hint="close")
async def test_closing_stops_it(shop, submission):
    """Stops when it is closed, at each step and while it reads: no step, no id and no task after that."""
    mine, others = shop.customer(latency=0.1), shop.customer(latency=5.0)
    async with submission.stream([others], LIMIT) as other:
        waiting = await other.pull()
        async with submission.stream([mine], LIMIT) as stream:
            (await stream.next()).must_be_the_outcome_of(mine)
            await stream.aclose()
        waiting.must_be_the_outcome_of(others)

    at_each = [shop.customer(latency={**dict.fromkeys(STEPS, 0.1), step: 5.0}) for step in STEPS]
    paying = [shop.customer(latency=0.1), *at_each, *shop.customers(3)]
    reading = shop.customers(3, latency=0.1)
    for customers, pace in ((paying, 0.0), (reading, 1.0)):
        async with submission.stream(customers, 1 + len(STEPS), pace=pace) as stream:
            (await stream.next()).must_be_the_outcome_of(customers[0])
            await must_stop(shop, stream)


@pytest.mark.check(points=0.5, rules="R10 R12", hint="close")
async def test_cancelling_stops_it(shop, submission):
    """Stops when its caller is cancelled while he waits, and then closes it."""
    async with submission.stream(shop.customers(5, latency=1.0), LIMIT) as stream:
        waiting = await stream.pull()
        await shop.wait(1.5)

        await waiting.cancel()
        await shop.wait(0.0)
        waiting.must_be_cancelled()
        await must_stop(shop, stream)


@pytest.mark.check(points=0.25, rules="R5 R12", hint="bugs")
async def test_bug_comes_out(shop, submission):
    """Raises an error that is no ShopError, a checkout's or its ids', and leaves nothing running."""
    bug = shop.customer(fails_at=STEPS[2], failure=KeyError, latency=0.1)
    async with submission.stream([bug, *shop.customers(4, latency=5.0)], LIMIT) as stream:
        (await stream.next()).must_raise(KeyError)
        await must_stop(shop, stream)

    async with submission.stream(shop.customers(2), LIMIT, failure=KeyError) as stream:
        await stream.must_pass_on(KeyError)
        await must_stop(shop, stream)
