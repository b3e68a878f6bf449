"""What stage 8 has to do. Each check runs your program in a process of its own."""

import pytest

from grader.judge import Contract

BONUS = True
CONTRACT = Contract(
    "Reactor(handler, workers)", "Reactor.serve(listener)", "Reactor.stop()", sockets=True
)
HUGE = 100_000
"""Times as long as a short reply: more than a connection takes up while nobody reads."""
pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.check(points=1, hint="requests")
async def test_answers_each_request(submission):
    """Answers each line with what the handler gave, in order, whether lines come in pieces or together."""
    async with submission.reactor(workers=2) as r:
        ann, bob = r.connect(), r.connect()
        await r.must_serve(ann)
        await r.must_serve(bob)

        first, second, third = r.draw(), r.draw(), r.draw()
        ann.put(first[:7])
        await r.must_serve(bob)
        ann.put(first[7:] + b"\n" + second + b"\n" + third + b"\n")
        await r.must_answer_in_order(ann, first, second, third)
        bob.end()
        await r.must_close(bob)


@pytest.mark.check(points=1, hint="slow")
async def test_slow_handler_delays_nobody(submission):
    """Serves others, newcomers too, while a handler takes its time."""
    async with submission.reactor(workers=2) as r:
        ann, bob = r.connect(), r.connect()
        slow = await r.must_handle(r.ask(ann))

        await r.must_serve(bob)
        await r.must_serve(r.connect())
        await r.must_serve(bob)

        await r.must_hear(ann, await r.answer(slow))


@pytest.mark.check(points=1, hint="workers")
async def test_has_as_many_workers_as_it_was_given(submission):
    """Runs as many handlers at the same time as there are workers, and no more."""
    async with submission.reactor(workers=3) as r:
        clients = [r.connect() for _ in range(5)]
        requests = [r.ask(client) for client in clients]
        held = [await r.must_handle(request) for request in requests[:3]]
        await r.must_handle_at_most(3)

        await r.answer(held[0])
        await r.must_handle(requests[3])
        await r.must_handle_at_most(3)


@pytest.mark.check(points=1, hint="loop")
async def test_loop_goes_on_while_all_workers_are_busy(submission):
    """Accepts, reads and says goodbye while every worker is busy."""
    async with submission.reactor(workers=1) as r:
        ann, bob = r.connect(), r.connect()
        slow = await r.must_handle(r.ask(ann))

        newcomer = r.connect()
        for leaving in (bob, newcomer):
            leaving.end()
            await r.must_close(leaving)

        await r.must_hear(ann, await r.answer(slow))


@pytest.mark.check(points=1, hint="replies")
async def test_replies_are_the_loops(submission):
    """Writes replies in the loop's thread, as much as each client takes, and waits for none of them."""
    async with submission.reactor(workers=1, local=True) as r:
        ann, bob = r.connect(), r.connect()
        ann.stop_reading()
        told = await r.must_handle(r.ask(ann))
        reply = await r.answer(told, times=HUGE)

        await r.must_serve(bob)
        await r.must_serve(r.connect())

        ann.read_on()
        await r.must_hear(ann, reply)
        r.must_keep_sockets_to_one_thread()


@pytest.mark.check(points=1, hint="queue")
async def test_takes_in_no_more_than_it_can_work_on(submission):
    """Reads no further request while twice as many as workers are taken in, and loses none."""
    workers = 2
    async with submission.reactor(workers, local=True) as r:
        clients = [r.connect() for _ in range(12)]
        requests = [r.ask(client) for client in clients[:workers]]
        held = [await r.must_handle(request) for request in requests]

        requests += [r.ask(client) for client in clients[workers:]]
        await r.must_have_left_unread(clients, most=2 * workers)

        for client, told in zip(clients, held, strict=False):
            await r.must_hear(client, await r.answer(told))
        await r.must_serve_in_any_order(dict(zip(requests, clients, strict=True)))


@pytest.mark.check(points=0.5, hint="stop")
async def test_stops_while_all_is_silent(submission):
    """Stops when another thread says so, though nothing else happens, and closes all connections."""
    async with submission.reactor(workers=2) as r:
        ann, bob = r.connect(), r.connect()
        await r.must_serve(bob)
        await r.must_serve(ann)

        await r.begin_to_stop()
        await r.must_return()

        await r.must_close(ann)
        await r.must_close(bob)


@pytest.mark.check(points=0.5, hint="stop")
async def test_answers_before_it_stops(submission):
    """Answers what it has taken in before it stops, takes in no more, and leaves no thread behind."""
    async with submission.reactor(workers=1) as r:
        ann, bob = r.connect(), r.connect()
        await r.must_serve(bob)
        told = await r.must_handle(r.ask(ann))

        await r.begin_to_stop()
        await r.must_still_serve()
        late = r.ask(bob)
        await r.must_still_serve()
        await r.must_hear(ann, await r.answer(told))
        await r.must_return()

        r.must_not_have_handled(late)

        await r.must_close(ann)
        await r.must_close(bob)


@pytest.mark.check(points=0.5, hint="rest")
async def test_rests_when_there_is_nothing_to_do(submission):
    """Sleeps in its selector, until something happens, while clients are silent and a handler is slow."""
    async with submission.reactor(workers=2) as r:
        ann, bob = r.connect(), r.connect()
        await r.must_serve(bob)
        await r.must_rest()
        slow = await r.must_handle(r.ask(ann))
        await r.must_rest()
        await r.must_hear(ann, await r.answer(slow))
        await r.must_rest()


@pytest.mark.check(points=0.5, hint="errors")
async def test_failing_handler_costs_one_connection(submission):
    """Closes the connection whose handler raised, and serves all others as before."""
    async with submission.reactor(workers=1) as r:
        ann, bob = r.connect(), r.connect()
        await r.must_serve(bob)
        await r.fail(await r.must_handle(r.ask(ann)))

        await r.must_close(ann)
        await r.must_serve(bob)
        await r.must_serve(r.connect())
