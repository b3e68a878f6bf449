"""Time and order are the judge's: when answers come, in which order, and which are held back."""

import pytest

from grader.judge import Contract
from grader.judge.attempt import Attempt
from grader.results import Kind
from grader.world import STEPS, Fault

pytestmark = pytest.mark.asyncio

CONTRACT = Contract(
    "async checkout(services, user_id)",
    "async checkout_many(services, user_ids)",
    services="coroutines",
)
BATCH = """
import asyncio
async def checkout(services, user_id):
    user = await services.get_user_data(user_id)
    orders = await services.get_orders(user)
    details = await services.get_order_details(orders[0])
    return await services.process_payment(details)
async def checkout_many(services, user_ids):
    return await asyncio.gather(*(checkout(services, user_id) for user_id in user_ids))
"""
DESK = Contract("async checkout(user_id)", services="coroutines", desk="Desk(services, sdk)")
DESK_OF_THREADS = """
import asyncio
class Desk:
    def __init__(self, services, sdk):
        self.services, self.sdk = services, sdk
    async def __aenter__(self):
        return self
    async def __aexit__(self, *exc_info):
        pass
    async def checkout(self, user_id):
        user = await self.services.get_user_data(user_id)
        orders = await self.services.get_orders(user)
        details = await self.services.get_order_details(orders[0])
        return await asyncio.to_thread(self.sdk.charge, details)
"""


@pytest.fixture
def attempt_of(fork_nursery, write_program):
    """A check's attempt at a program."""

    def attempt_of(source=BATCH, contract=CONTRACT, seed="7"):
        return Attempt(fork_nursery, contract, write_program(source), seed)

    return attempt_of


async def order_of_payments(attempt, arrange):
    """In which places of the batch the customers were paid, one after the other."""
    shop = attempt.shop
    customers = shop.customers(6)
    getattr(shop, arrange)()
    batch = await attempt.submission.checkout_many(customers)
    await shop.serve(batch)
    await attempt.close()
    orders = [customer.orders[0].id for customer in customers]
    paid = [e.user for e in shop.history if (e.what, e.subject) == ("answered", STEPS[-1])]
    assert sorted(paid) == sorted(customer.id for customer in customers)
    batch.must_give_each(customers)
    assert len(orders) == len(paid)
    return [[customer.id for customer in customers].index(user) for user in paid]


# ---- virtual time


LATENCY = {
    "get_user_data": 1.0,
    "get_orders": 20.0,
    "get_order_details": 0.5,
    "process_payment": 4_000.0,
}


async def times_of(what, session):
    """Virtual seconds from the start at which something happened in a checkout of four services."""
    began = session.now
    operation = await session.begin("checkout", session.world.add(latency=LATENCY))
    await session.drive(operation)
    return [event.at - began for event in session.history if event.what == what]


async def test_latencies_add_up_exactly(session_of, right):
    """Each service is called when the one before it has answered, to the last digit."""
    session = await session_of(right)

    called = await times_of("called", session)

    assert called == [0.0, 1.0, 21.0, 21.5]


async def test_checkout_takes_the_sum_of_its_latencies(session_of, right):
    """It ends when its last service answers."""
    session = await session_of(right)

    ended = await times_of("ended", session)

    assert ended == [4_021.5]


async def test_history_tells_when_an_answer_was_given(session_of, right):
    """An answer is written down at the time at which the program gets it."""
    session = await session_of(right)

    answered = await times_of("answered", session)

    assert answered == [1.0, 21.0, 21.5, 4_021.5]


async def test_timers_and_answers_come_in_the_order_of_their_times(session_of):
    """A timer before an answer fires before it; one after it, after."""
    source = """
    import asyncio
    seen = []
    async def tick(after):
        await asyncio.sleep(after)
        seen.append(after)
    async def checkout(services, user_id):
        ticks = [asyncio.create_task(tick(after)) for after in (3, 1, 2)]
        await services.get_user_data(user_id)
        seen.append("answer")
        await asyncio.wait(ticks)
    """
    session = await session_of(source)

    operation = await session.begin("checkout", session.world.add(latency=1.5))
    await session.drive(operation)

    seen = await session.read("seen")
    assert seen == [1, "answer", 2, 3]


async def test_all_clocks_of_a_program_tell_the_judges_time(session_of):
    """A deadline made of any clock of `time` agrees with the loop's own."""
    source = """
    import asyncio, time
    from time import monotonic
    async def checkout(services, user_id):
        loop = asyncio.get_running_loop()
        clocks = [loop.time, monotonic, time.perf_counter, time.time, lambda: time.time_ns() / 1e9]
        before = [clock() for clock in clocks]
        await asyncio.sleep(1000)
        return [round(clock() - then, 3) for clock, then in zip(clocks, before)]
    """
    session = await session_of(source)

    operation = await session.begin("checkout", session.world.add())
    await session.drive(operation)

    assert session.value_of(operation) == [1000.0] * 5


async def test_time_stands_still_while_a_program_computes(session_of):
    """No virtual time passes but by a wait."""
    source = """
    import asyncio
    async def checkout(services, user_id):
        before = asyncio.get_running_loop().time()
        for _ in range(100):
            await asyncio.sleep(0)
        return asyncio.get_running_loop().time() - before
    """
    session = await session_of(source)

    operation = await session.begin("checkout", session.world.add())

    assert operation.done
    assert session.value_of(operation) == 0.0


async def test_advance_stops_at_its_horizon(session_of, right):
    """What is due later waits until it is asked for."""
    session = await session_of(right)
    customer = session.world.add(latency=1.0)
    await session.begin("checkout", customer)

    await session.advance(2.5)
    soon = session.history.steps(customer.id)
    await session.advance(2.5)

    assert soon == list(STEPS[:3])
    assert session.history.steps(customer.id) == list(STEPS)
    assert len(session.world.paid) == 1


# ---- the order of answers


async def test_answers_come_when_they_are_due(attempt_of):
    """Without a wish of the check, the quickest service answers first."""
    attempt = attempt_of()
    slow, quick = attempt.shop.customer(latency=2.0), attempt.shop.customer(latency=0.1)

    batch = await attempt.submission.checkout_many([slow, quick])
    await attempt.shop.serve(batch)
    answered = [e.user for e in attempt.shop.history if e.what == "answered"]
    await attempt.close()

    assert answered == [quick.id] * 4 + [slow.id] * 4


async def test_last_call_may_be_answered_first(attempt_of):
    """The reversed order finishes the last checkout before it goes on with the others."""
    order = await order_of_payments(attempt_of(), "answer_last_first")

    assert order == [5, 4, 3, 2, 1, 0]


async def test_any_order_follows_from_the_seed(attempt_of):
    """Equal seeds answer in equal order, and others in other orders."""
    seeds = ["1", "1", "2", "3", "4"]

    orders = [await order_of_payments(attempt_of(seed=s), "answer_in_any_order") for s in seeds]

    assert orders[0] == orders[1]
    assert len(set(map(tuple, orders))) > 2


async def test_seed_fixes_the_whole_history(attempt_of):
    """Two runs of one seed agree in every event but the receipts' names."""
    histories = []

    for _ in range(2):
        attempt = attempt_of(seed="11")
        failing = attempt.shop.customer(fails_at="get_orders")
        batch = await attempt.submission.checkout_many([*attempt.shop.customers(3), failing])
        attempt.shop.answer_in_any_order()
        await attempt.shop.serve(batch)
        await attempt.close()
        histories.append(list(attempt.shop.history))

    assert histories[0] == histories[1]


# ---- holding back


async def test_held_answers_wait_for_their_release(attempt_of):
    """While one step is held, all checkouts come up to it and no further."""
    attempt = attempt_of()
    shop, customers = attempt.shop, attempt.shop.customers(4)
    shop.hold("get_orders")

    batch = await attempt.submission.checkout_many(customers)
    await shop.wait(100.0)
    held = [shop.history.steps(customer.id) for customer in customers]
    shop.release()
    await shop.serve(batch)
    await attempt.close()

    assert held == [list(STEPS[:2])] * 4
    batch.must_give_each(customers)


async def test_program_that_needs_a_held_answer_is_stuck(attempt_of):
    """Holding is for a while: to wait for what is held is to wait for ever."""
    attempt = attempt_of()
    attempt.shop.hold("get_orders")
    run = await attempt.submission.checkout(attempt.shop.customer())

    with pytest.raises(AssertionError) as broken:
        await attempt.shop.serve(run)
    await attempt.close(broken=True)

    assert broken.value.finding.kind is Kind.STUCK


async def test_cancelled_call_is_answered_no_more(attempt_of):
    """The answer to an abandoned call is dropped, and the history says when it was abandoned."""
    attempt = attempt_of()
    customer = attempt.shop.customer()
    run = await attempt.submission.checkout(customer)

    await run.cancel()
    await attempt.shop.serve_the_rest()
    words = [(e.what, e.subject) for e in attempt.shop.history if e.user == customer.id]
    await attempt.close()

    assert words == [("called", STEPS[0]), ("abandoned", STEPS[0])]
    run.must_be_cancelled()


# ---- threads


async def test_loop_turns_while_a_charge_is_held(attempt_of):
    """A blocked caller in a thread leaves the loop free to answer, for as long as one likes."""
    attempt = attempt_of(DESK_OF_THREADS, DESK)
    shop, customer = attempt.shop, attempt.shop.customer()

    async with attempt.submission.desk() as desk:
        shop.hold("charge")
        run = await attempt.submission.checkout(customer)
        await shop.serve_until(shop.charging, run)
        for _ in range(20):
            await shop.must_be_charging(least=1, most=1)
        shop.release()
        await shop.serve(run)
    findings, *_ = await attempt.close()

    assert desk.pongs >= 20
    assert findings == []
    run.must_pay(customer)


async def test_charge_on_the_loop_is_blocking(attempt_of):
    """A charge whose caller is the loop's own thread cannot be turned past."""
    source = DESK_OF_THREADS.replace(
        "await asyncio.to_thread(self.sdk.charge, details)", "self.sdk.charge(details)"
    )
    attempt = attempt_of(source, DESK)
    customer = attempt.shop.customer()

    async def charge_one():
        async with attempt.submission.desk():
            await attempt.shop.serve(await attempt.submission.checkout(customer))

    with pytest.raises(AssertionError) as broken:
        await charge_one()
    await attempt.close(broken=True)

    assert broken.value.finding.kind is Kind.BLOCKING
    assert broken.value.finding.line == 14


async def test_order_that_meets_a_woken_loop_is_given_again(session_of):
    """A thread that wakes the loop again and again makes no order be lost, or be taken twice."""
    source = """
    import asyncio, threading, time
    woken = 0
    def wake(loop):
        def count():
            global woken
            woken += 1
        for _ in range(5):
            time.sleep(0.251)
            loop.call_soon_threadsafe(count)
    async def begin(services, user_id):
        threading.Thread(target=wake, args=[asyncio.get_running_loop()]).start()
    async def checkout(services, user_id):
        return (await services.get_user_data(user_id)).id
    """
    contract = Contract(
        "begin(services, user_id)", "checkout(services, user_id)", services="coroutines"
    )
    session = await session_of(source, contract)
    customers = [session.world.add() for _ in range(4)]
    await session.begin("begin", customers[0])

    runs = [await session.begin("checkout", customer) for customer in customers]
    await session.drive(*runs)

    assert [session.value_of(run) for run in runs] == [customer.id for customer in customers]
    assert session.history.steps() == [STEPS[0]] * len(customers)
    assert all(len(run.ends) == 1 for run in runs)


async def test_silence_of_a_thread_is_waited_for(session_of):
    """A loop that only a thread can wake is not stuck as long as the thread may wake it."""
    source = """
    import asyncio, time
    async def checkout(services, user_id):
        return await asyncio.to_thread(lambda: [time.sleep(0.05) for _ in range(3)] and 7)
    """
    session = await session_of(source)

    operation = await session.begin("checkout", session.world.add())
    await session.drive(operation)

    assert session.value_of(operation) == 7


async def test_loop_whose_thread_waits_for_ever_is_stuck(session_of):
    """A thread that waits for a lock nobody releases wakes nobody."""
    source = """
    import asyncio, threading
    async def checkout(services, user_id):
        return await asyncio.to_thread(threading.Event().wait)
    """
    session = await session_of(source)

    operation = await session.begin("checkout", session.world.add())
    with pytest.raises(AssertionError) as broken:
        await session.drive(operation)

    assert broken.value.finding.kind is Kind.STUCK


async def test_callback_services_answer_in_the_middle_of_a_call(session_of):
    """An answer at once is told before the call returns, and an answer later after it."""
    source = """
    order = []
    def checkout(services, user_id, on_done, on_error):
        services.get_user_data(user_id, lambda user: order.append("answer"), on_error)
        order.append("returned")
        on_done(order)
    """
    contract = Contract(
        "checkout(services, user_id, on_done, on_error)", services="callbacks", ends_by="callbacks"
    )
    session = await session_of(source, contract)
    later = await session.begin("checkout", session.world.add())
    await session.drain()
    first = await session.read("order")
    at_once = session.world.add(faults={STEPS[0]: Fault.AT_ONCE})

    await session.begin("checkout", at_once)

    assert later.done
    assert first == ["returned", "answer"]
    assert (await session.read("order"))[2:] == ["answer", "returned"]
