"""What stage 9 has to do. Each check runs your program in a process of its own."""

import pytest

from grader.judge import Contract
from grader.judge.sockets.moments import begins, goes_on, hears, reads

BONUS = True
CONTRACT = Contract(
    "Scheduler(clock, select)",
    "Scheduler.spawn(routine)",
    "Scheduler.run()",
    "Task.cancel()",
    "sleep(seconds)",
    "readable(sock)",
    "join(task)",
    sockets=True,
)
CROWD = 1_000
CHAIN = 1_000
TICK = 1 / 64
"""Seconds: times are multiples of it, which add up exactly."""
pytestmark = pytest.mark.asyncio(loop_scope="session")


def times(shop, count):
    """So many different times, from the earliest on."""
    return [number * TICK for number in sorted(shop.draw.sample(range(1, 64), count))]


def token(shop):
    """A value that nobody can guess."""
    return shop.draw.randrange(1 << 40)


@pytest.mark.check(points=1, hint="turns")
async def test_runs_in_turns(shop, submission):
    """Begins nothing before run, and gives each coroutine one step in turn, first come, first served."""
    async with submission.scheduler() as s:
        turns = shop.draw.randint(2, 5)
        three = [s.coroutine(name, *[s.sleep(0)] * turns) for name in ("Ann", "Bob", "Cy")]
        await s.begin(*three)
        s.must_go_on_in_order()

        await s.run_all()

        s.must_go_on_in_order(*three * (1 + turns))


@pytest.mark.check(points=1, hint="sleep")
async def test_sleepers_wake_in_time(shop, submission):
    """Wakes each sleeper at its time, whoever asked first; all of them sleep at the same time."""
    soon, later, last = times(shop, 3)
    async with submission.scheduler() as s:
        late = s.coroutine("late", s.sleep(last))
        early = s.coroutine("early", s.sleep(soon), s.sleep(later - soon))
        twin = s.coroutine("twin", s.sleep(later))
        await s.begin(late, twin, early)
        await s.run_all()

        s.must_tell(late, begins(0), goes_on(last))
        s.must_tell(early, begins(0), goes_on(soon), goes_on(later))
        s.must_go_on_in_order(late, twin, early, early, twin, early, late)


@pytest.mark.check(points=1, hint="rest")
async def test_rests_while_nobody_can_go_on(shop, submission):
    """Sleeps in select until somebody can go on, and never wakes up in vain."""
    instants = times(shop, 6)
    async with submission.scheduler() as s:
        wire = await s.wire()
        await s.begin(s.coroutine("reader", s.readable(wire), s.receive(wire)))
        await s.begin(*(s.coroutine("sleeper", s.sleep(instant)) for instant in instants[:5]))
        s.send(instants[5], wire, b"x")
        await s.run_all()

        s.must_not_have_looked_in_vain()


@pytest.mark.check(points=1, hint="readable")
async def test_reads_when_there_is_something(shop, submission):
    """Lets a reader go on when its socket has something, and not before, while others sleep and read."""
    first, second, third = times(shop, 3)
    async with submission.scheduler() as s:
        wires = [await s.wire() for _ in range(2)]
        data = [shop.draw.randbytes(20) for _ in wires]
        readers = [s.coroutine("reader", s.readable(w), s.receive(w)) for w in wires]
        sleeper = s.coroutine("sleeper", s.sleep(second))
        await s.begin(*readers, sleeper)
        s.send(first, wires[1], data[1])
        s.send(third, wires[0], data[0])
        await s.run_all()

        s.must_tell(readers[0], begins(0), goes_on(third), reads(third, data[0]))
        s.must_tell(readers[1], begins(0), goes_on(first), reads(first, data[1]))
        s.must_tell(sleeper, begins(0), goes_on(second))


@pytest.mark.check(points=0.5, hint="fair")
async def test_lets_sockets_have_their_turn(shop, submission):
    """Lets a reader go on though another coroutine is ready in every turn."""
    async with submission.scheduler() as s:
        wire = await s.wire()
        busy = s.coroutine("busy", *[s.sleep(0)] * 20)
        reader = s.coroutine("reader", s.readable(wire), s.receive(wire))
        await s.begin(busy, reader)
        s.send(0, wire, shop.draw.randbytes(20))
        await s.run_all()

        s.must_come_first(reader, busy)


@pytest.mark.check(points=1, hint="join")
async def test_join_gives_what_came_of_it(shop, submission):
    """Gives everybody who joins what the task returned, be it over already."""
    over, later = times(shop, 2)
    value = token(shop)
    async with submission.scheduler() as s:
        task = s.coroutine("task", s.sleep(over), gives=value)
        waiting = [s.coroutine("waiting", s.join(task)) for _ in range(2)]
        late = s.coroutine("late", s.sleep(later), s.join(task))
        await s.begin(task, *waiting, late)
        await s.run_all()

        for joiner in waiting:
            s.must_tell(joiner, begins(0), goes_on(over, value))
        s.must_tell(late, begins(0), goes_on(later), goes_on(later, value))


@pytest.mark.check(points=1, hint="errors")
async def test_errors_reach_who_joins(shop, submission):
    """Raises what a task raised in everybody who joins it, and lets all others go on."""
    over, later = times(shop, 2)
    text = f"bug {token(shop)}"
    async with submission.scheduler() as s:
        task = s.coroutine("task", s.sleep(over), raises=text)
        waiting = s.coroutine("waiting", s.join(task))
        late = s.coroutine("late", s.sleep(later), s.join(task))
        other = s.coroutine("other", s.sleep(later))
        alone = s.coroutine("alone", raises="nobody joins me")
        await s.begin(alone, task, waiting, late, other)
        await s.run_all()

        s.must_tell(waiting, begins(0), hears(over, "CallersBug", text))
        s.must_tell(late, begins(0), goes_on(later), hears(later, "CallersBug", text))
        s.must_tell(other, begins(0), goes_on(later))


@pytest.mark.check(points=1, hint="cancel")
async def test_cancel_throws_at_the_yield(shop, submission):
    """Throws Cancelled where a task stands, in its next turn, and waits no more for what it had asked for."""
    cancelled, over, never = times(shop, 3)
    async with submission.scheduler() as s:
        silent, wire = await s.wire(), await s.wire()
        wire.put(b"now")
        sleeper = s.coroutine("sleeper", s.sleep(never))
        reader = s.coroutine("reader", s.readable(silent))
        ready = s.coroutine("ready", s.sleep(cancelled))
        victims = (sleeper, reader, ready)
        killer = s.coroutine("killer", s.sleep(cancelled), *map(s.cancel, victims), s.receive(wire))
        joiner = s.coroutine("joiner", s.join(sleeper))
        other = s.coroutine("other", s.sleep(over))
        await s.begin(killer, *victims, joiner, other)
        await s.run_all()

        for task in (*victims, joiner):
            s.must_tell(task, begins(0), hears(cancelled, "Cancelled"))
        s.must_come_first(killer, *victims)
        s.must_tell(other, begins(0), goes_on(over))
        s.must_end_at(over)


@pytest.mark.check(points=0.5, hint="clean-up")
async def test_cancelled_may_clean_up(shop, submission):
    """Lets a cancelled task clean up, wait while it does, and return as if nothing had been."""
    cancelled, due, cleaned = times(shop, 3)
    value = token(shop)
    async with submission.scheduler() as s:
        tidy = s.coroutine(
            "tidy",
            s.sleep(due),
            cleanup=[s.sleep(cleaned - cancelled)],
            survives=True,
            gives=value,
        )
        joiner = s.coroutine("joiner", s.join(tidy))
        killer = s.coroutine("killer", s.sleep(cancelled), s.cancel(tidy))
        await s.begin(tidy, joiner, killer)
        await s.run_all()

        s.must_tell(tidy, begins(0), hears(cancelled, "Cancelled"), goes_on(cleaned))
        s.must_tell(joiner, begins(0), goes_on(cleaned, value))


@pytest.mark.check(points=0.5, hint="thousand")
async def test_thousand_on_one_thread(submission):
    """Carries a thousand coroutines on one thread, and looks once for all who are due together."""
    async with submission.scheduler() as s:
        sleeper = s.coroutine("sleeper", s.sleep(TICK), s.sleep(TICK))
        parent = s.coroutine("parent", s.spawn(sleeper, times=CROWD))
        await s.begin(parent)
        await s.run_all()

        sleeper.must_have_been_called(CROWD * 3)
        s.must_have_looked_at_most(10)
        s.must_have_run_on_one_thread()


@pytest.mark.check(points=0.5, hint="chain")
async def test_long_chain_of_joins(shop, submission):
    """Hands a value through a chain of a thousand tasks, each of which joins the one before."""
    value = token(shop)
    async with submission.scheduler() as s:
        first = s.coroutine("first", s.sleep(TICK), gives=value)
        link = s.coroutine("link", s.join())
        parent = s.coroutine("parent", s.spawn(first), s.spawn(link, times=CHAIN), s.join())
        await s.begin(parent)
        await s.run_all()

        s.must_tell(parent, begins(0), goes_on(TICK, value))


@pytest.mark.check(points=0.5, hint="deadlock")
async def test_says_when_nobody_can_go_on(shop, submission):
    """Raises RuntimeError when those who are left wait for each other, and not before."""
    over, later = times(shop, 2)
    async with submission.scheduler() as s:
        wire = await s.wire()
        ann = s.coroutine("Ann", s.sleep(over))
        bob = s.coroutine("Bob", s.join(ann))
        ann.then(s.join(bob))
        reader = s.coroutine("reader", s.readable(wire))
        await s.begin(ann, bob, reader)
        s.send(later, wire, b"x")
        running = await s.run()

        s.must_tell(reader, begins(0), goes_on(later))
        s.must_say_that_nobody_can_go_on(running)


@pytest.mark.check(points=0.5, hint="await")
async def test_runs_async_def(shop, submission):
    """Runs async def as it runs generators: values, errors and Cancelled come out of await."""
    cancelled, over, cleaned = times(shop, 3)
    value, text, data = token(shop), f"bug {token(shop)}", shop.draw.randbytes(20)
    async with submission.scheduler() as s:
        wire = await s.wire()
        task = s.coroutine("task", s.sleep(over), gives=value, awaits=True)
        bug = s.coroutine("bug", s.sleep(over), raises=text, awaits=True)
        joiners = [s.coroutine("joiner", s.join(other), awaits=True) for other in (task, bug)]
        reader = s.coroutine("reader", s.readable(wire), s.receive(wire), awaits=True)
        cleanup = [s.sleep(cleaned - cancelled)]
        tidy = s.coroutine("tidy", s.sleep(cleaned), cleanup=cleanup, awaits=True)
        killer = s.coroutine("killer", s.sleep(cancelled), s.cancel(tidy), awaits=True)
        await s.begin(task, bug, *joiners, reader, tidy, killer)
        s.send(over, wire, data)
        await s.run_all()

        s.must_tell(joiners[0], begins(0), goes_on(over, value))
        s.must_tell(joiners[1], begins(0), hears(over, "CallersBug", text))
        s.must_tell(reader, begins(0), goes_on(over), reads(over, data))
        s.must_tell(tidy, begins(0), hears(cancelled, "Cancelled"), goes_on(cleaned))
