"""What stage 7 has to do. Each check runs your program in a process of its own."""

import itertools
from contextlib import asynccontextmanager

import pytest

from grader.judge import Contract, Undecided, say

BONUS = True
CONTRACT = Contract(
    "MiniLoop()",
    "MiniLoop.call_soon(callback)",
    "MiniLoop.call_later(delay, callback)",
    "MiniLoop.add_reader(sock, callback)",
    "MiniLoop.remove_reader(sock)",
    "MiniLoop.add_writer(sock, callback)",
    "MiniLoop.remove_writer(sock)",
    "MiniLoop.run_until(condition)",
    "MiniLoop.stop()",
    plain=True,
    sockets=True,
)
CROWD = 500
MANY = 400
"""Callbacks for one turn: more than there is room for in a socket pair, if each writes a byte."""
DATA = 10
DELAY = 0.3
DELAYS = (0.24, 0.04, 0.14)
"""Seconds."""
TRIES = 5
COSTLY = 0.05
"""Seconds of computing that one timer never takes."""
WORKER = 2
"""Another thread than the one that runs the loop."""
pytestmark = pytest.mark.asyncio(loop_scope="session")


def reader(program, wire, *more):
    """A callback that reads what has come on this socket, and then does more."""
    name = say("the reader of {wire}", wire=wire)
    return program.callback(name, program.deed("recv", 100, of=wire), *more)


@asynccontextmanager
async def running(program, loop):
    """The loop runs until the judge knocks."""
    door = await program.wire(blocking=False)
    knock = reader(program, door)
    await program.call("add_reader", door, knock, of=loop)
    run = await program.begin("run_until", program.until(knock), of=loop)
    yield run
    door.put(b"x")
    await run.end()


@pytest.mark.check(points=0.75, hint="soon")
async def test_calls_soon_in_order(submission):
    """Calls what is to be called soon: later, in order, once each."""
    async with submission.program() as program:
        loop = await program.call("MiniLoop")
        last = program.callback(say("last"))
        first = program.callback(say("first"), program.deed("call_soon", last, of=loop))
        quiet = program.callback(say("third"), quiet=True)
        crowd = [program.deed("call_soon", quiet, of=loop)] * MANY
        second, third = program.callback(say("second"), *crowd), program.callback(say("third"))
        for callback in (first, second, third):
            await program.call("call_soon", callback, of=loop)
        program.must_have_called()

        await program.call("run_until", program.until(last), of=loop)

        program.must_have_called(first, second, third, last)


async def ask_for_timers(program, loop):
    """Have it ask for a late timer, an early one, one between; each with the times between which it is due."""
    due = {}
    for delay in DELAYS:
        began = program.now()
        timer = program.callback(say("the timer of {delay} s", delay=delay))
        await program.call("call_later", delay, timer, of=loop)
        due[timer] = began + delay, program.now() + delay
    return due


def in_their_order(due):
    """Timers as they are due; none if the machine stood still, and one was asked for when another was due already."""
    timers = sorted(due, key=due.get)
    apart = all(due[one][1] < due[next_][0] for one, next_ in itertools.pairwise(timers))
    return timers if apart else []


@pytest.mark.check(points=1, hint="timers")
async def test_timers_in_order(submission):
    """Calls timers in the order in which they are due, and none too early."""
    async with submission.program() as program:
        for _ in range(TRIES):
            loop = await program.call("MiniLoop")
            due = await ask_for_timers(program, loop)
            program.told.clear()
            await program.call("run_until", program.until(max(due, key=due.get)), of=loop)
            early = [timer for timer in due if timer.calls and timer.calls[0].at < due[timer][0]]
            program.must(not early, say("{timer} was called too early", timer=[*early, ""][0]))
            if timers := in_their_order(due):
                program.must_have_called(*timers)
                return
        raise Undecided(say("the machine was too busy to tell the order of timers"))


@pytest.mark.check(points=1, hint="patience")
async def test_sleeps_until_a_timer(submission):
    """Sleeps until its first timer is due, and wakes up for nothing before."""
    async with submission.program() as program:
        loop = await program.call("MiniLoop")
        timer = program.callback(say("timer"))
        await program.call("call_later", DELAY, timer, of=loop)
        async with running(program, loop):
            await program.rest()
            before = program.account()
            await program.must_call(timer)

            spent = program.account().since(before)
            text = say(
                "before the timer of {delay} s it woke up {wakes} times, and computed for {ms:.0f} ms",
                delay=DELAY,
                wakes=spent.wakes,
                ms=1000 * spent.computed,
            )
            program.must(spent.wakes <= 4 and spent.computed < COSTLY, text)


@pytest.mark.check(points=1, hint="readers")
async def test_calls_readers_when_there_is_something(shop, submission):
    """Calls a reader when there is something to read, whichever socket it is, and only then."""
    async with submission.program() as program:
        loop = await program.call("MiniLoop")
        wires = await program.wires(3, blocking=False)
        readers = {wire: reader(program, wire) for wire in wires}
        for wire, callback in readers.items():
            await program.call("add_reader", wire, callback, of=loop)
        async with running(program, loop):
            sent = {wire: [] for wire in wires}
            for wire in [*reversed(wires), *shop.draw.choices(wires, k=DATA)]:
                sent[wire].append(shop.draw.randbytes(20))
                wire.put(sent[wire][-1])
                await program.must_read(wire)
                await program.must_sleep()

            for wire, callback in readers.items():
                text = say(
                    "{callback} was called {count} times for {data} data",
                    callback=callback,
                    count=len(callback.calls),
                    data=len(sent[wire]),
                )
                program.must(callback.values == [[data] for data in sent[wire]], text)


@pytest.mark.check(points=0.75, hint="writers")
async def test_calls_writers_when_there_is_room(shop, submission):
    """Calls a writer when there is room to write, and not before, beside a reader of the same socket."""
    async with submission.program() as program:
        loop = await program.call("MiniLoop")
        wire, data = await program.full_wire(), shop.draw.randbytes(20)
        writer = program.callback(
            say("writer"),
            program.deed("send", data, of=wire),
            program.deed("remove_writer", wire, of=loop),
        )
        reads = reader(program, wire)
        await program.call("add_reader", wire, reads, of=loop)
        await program.call("add_writer", wire, writer, of=loop)
        async with running(program, loop):
            await program.must_sleep()
            writer.must_have_been_called(0)

            wire.drain()
            await program.must_call(writer)
            await program.must_send(wire, data)
            await program.must_sleep()
            writer.must_have_been_called(1)
            wire.put(b"x")
            await program.must_call(reads)


@pytest.mark.check(points=0.75, hint="removed")
async def test_removed_is_not_called(submission):
    """Calls a reader no more once it is removed, be it by another one in the same turn."""
    async with submission.program() as program:
        loop = await program.call("MiniLoop")
        ann, bob = await program.wires(2, blocking=False)
        first = reader(program, ann, program.deed("remove_reader", bob, of=loop))
        second = reader(program, bob, program.deed("remove_reader", ann, of=loop))
        await program.call("add_reader", ann, first, of=loop)
        await program.call("add_reader", bob, second, of=loop)
        for wire in (ann, bob):
            wire.put(b"both are ready at the same time")
        async with running(program, loop):
            await program.must_sleep()

            calls = len(first.calls) + len(second.calls)
            text = say(
                "two readers were ready and each removes the other, and {count} were called",
                count=calls,
            )
            program.must(calls == 1, text)


@pytest.mark.check(points=1.25, hint="patience")
async def test_carries_a_crowd(shop, submission):
    """Sleeps beside five hundred silent sockets, and wakes up once for each datum."""
    async with submission.program() as program:
        loop = await program.call("MiniLoop")
        wires = await program.wires(CROWD, blocking=False)
        for wire in wires:
            callback = reader(program, wire)
            await program.begin("add_reader", wire, callback, of=loop)
        async with running(program, loop):
            await program.must_sleep()
            before = program.account()
            for wire in shop.draw.sample(wires, DATA):
                wire.put(b"x")
                await program.must_read(wire)
                await program.must_sleep()

            woken = program.account().since(before).wakes
            text = say(
                "{data} data came one by one, and the loop woke up {woken} times",
                data=DATA,
                woken=woken,
            )
            program.must(woken <= DATA * 1.5, text)


@pytest.mark.check(points=0.75, hint="errors")
async def test_errors_do_not_stop_it(submission):
    """Goes on when a callback raises, be it called soon, by a timer or for a socket."""
    async with submission.program() as program:
        loop = await program.call("MiniLoop")
        wire = await program.wire(blocking=False)
        soon = program.callback(say("first"), raises=True)
        timer = program.callback(say("timer"), raises=True)
        reads = program.callback(say("reader"), program.deed("recv", 100, of=wire), raises=True)
        await program.call("call_soon", soon, of=loop)
        await program.call("call_later", 0, timer, of=loop)
        await program.call("add_reader", wire, reads, of=loop)
        async with running(program, loop):
            await program.must_call(timer)
            for _ in range(2):
                wire.put(b"x")
                await program.must_read(wire)
            await program.must_call(reads, 2)
            program.must(
                "raised" in program.printed(), say("what a callback raised is not printed")
            )


@pytest.mark.check(points=1.25, hint="threads")
async def test_another_thread_wakes_it(submission):
    """Wakes up when another thread wants something called soon, and calls it in its own thread."""
    async with submission.program() as program:
        loop = await program.call("MiniLoop")
        wire = await program.wire(blocking=False)
        reads, wanted = reader(program, wire), program.callback(say("wanted"))
        await program.call("add_reader", wire, reads, of=loop)
        async with running(program, loop):
            for times in (1, 2, 3):
                await program.must_sleep()
                await program.call("call_soon", wanted, of=loop, thread=WORKER)
                await program.must_call(wanted, times)

            wire.put(b"x")
            await program.must_call(reads)
            threads = {told.thread for told in (*wanted.calls, *reads.calls)}
            text = say("the callback was called in the thread that asked for it")
            program.must(len(threads) == 1, text)


@pytest.mark.check(points=0.75, hint="stop")
async def test_stops_when_it_is_told(submission):
    """Returns when its condition holds or somebody says stop, and can run again."""
    async with submission.program() as program:
        loop = await program.call("MiniLoop")
        never, last = program.callback(say("never")), program.callback(say("last"))
        stopper = program.callback(say("stopper"), program.deed("stop", of=loop))
        await program.call("call_soon", stopper, of=loop)
        await program.call("run_until", program.until(never), of=loop)

        run = await program.begin("run_until", program.until(never), of=loop)
        await program.must_sleep()
        await program.call("stop", of=loop, thread=WORKER)
        await run.end()

        await program.call("call_soon", last, of=loop)
        await program.call("run_until", program.until(last), of=loop)
        await program.call("run_until", program.until(last), of=loop)
        program.must_have_called(stopper, last)


@pytest.mark.check(points=0.75, hint="fair")
async def test_nobody_starves(submission):
    """Comes to its timers and sockets while a callback wants to be called again and again."""
    async with submission.program() as program:
        loop = await program.call("MiniLoop")
        again = program.callback(say("again"), quiet=True)
        again.plan = (program.deed("call_soon", again, of=loop),)
        timer = program.callback(say("timer"))
        await program.call("call_later", 0.01, timer, of=loop)
        await program.call("call_soon", again, of=loop)
        async with running(program, loop):
            await program.must_call(timer)
