"""Schedulers in the judge's time: what their coroutines tell, and how their sleep is judged."""

import random
from pathlib import Path

import pytest

from grader.judge import Broken, Contract
from grader.judge.sockets import open_program
from grader.judge.sockets.coroutines import Coroutines
from grader.judge.sockets.moments import begins, goes_on, hears, reads
from grader.results import Kind

pytestmark = pytest.mark.asyncio
ROOT = Path(__file__).parents[3]
RIGHT = (ROOT / "solutions" / "s09_coroutines" / "pipeline.py").read_text(encoding="utf-8")
ONE_AT_A_TIME = """
class Cancelled(BaseException): pass
class sleep:
    def __init__(self, seconds):
        self.seconds = seconds
class Scheduler:
    def __init__(self, clock, select):
        self.clock, self.select, self.routines = clock, select, []
    def spawn(self, routine):
        self.routines.append(routine)
    def run(self):
        for routine in self.routines:
            for request in routine:
                self.rest(request.seconds)
    def rest(self, seconds):
        {rest}
"""
NAPS = """until = self.clock() + seconds
        while self.clock() < until:
            self.select([], [], [], 0.25)"""
POLLS_FIRST = """self.select([], [], [], 0)
        self.select([], [], [], seconds)"""
POLLS = """while True:
            self.select([], [], [], 0)"""
FOR_EVER = "self.select([], [], [])"
NEGATIVE = "self.select([], [], [], -1)"


@pytest.fixture
def schedule(session_of):
    """Begins a scheduler that is written in a source."""

    async def schedule(source=RIGHT, **how):
        return await session_of(source, Contract("Scheduler(clock, select)", sockets=True), **how)

    return schedule


@pytest.fixture
def run(schedule):
    """Runs a play of coroutines under a scheduler."""

    async def run(play, source=RIGHT, **how):
        session = await schedule(source, **how)
        async with open_program(session, random.Random(7)) as program:
            coroutines = Coroutines(program)
            await coroutines.open()
            return await play(coroutines)

    return run


async def test_time_is_the_judges(run):
    """Sleeps of minutes take none, and each coroutine tells when it went on."""

    async def play(s):
        long, short = s.coroutine("long", s.sleep(600)), s.coroutine("short", s.sleep(60))
        await s.begin(long, short)
        await s.run_all()
        s.must_tell(long, begins(0), goes_on(600))
        s.must_tell(short, begins(0), goes_on(60))
        s.must_go_on_in_order(long, short, short, long)
        s.must_end_at(600)
        s.must_not_have_looked_in_vain()
        s.must_have_run_on_one_thread()

    await run(play)


async def test_time_is_the_judges_where_nobody_may_look(run, portable):
    """No view from outside is needed for it."""
    await run(one_sleeper, kind=portable)


async def test_what_is_sent_comes_at_its_time(run):
    """A socket can be read from the instant on at which the judge sends."""

    async def play(s):
        wire = await s.wire()
        reader = s.coroutine("reader", s.readable(wire), s.receive(wire))
        await s.begin(reader, s.coroutine("sleeper", s.sleep(8)))
        s.send(4, wire, b"word")
        await s.run_all()
        s.must_tell(reader, begins(0), goes_on(4), reads(4, b"word"))

    await run(play)


@pytest.mark.parametrize("awaits", [False, True])
async def test_tasks_are_joined_and_cancelled(run, awaits):
    """Coroutines of either kind know each other's tasks, whoever was made first."""

    async def play(s):
        victim = s.coroutine("victim", awaits=awaits, cleanup=[s.sleep(1)])
        joiner = s.coroutine("joiner", s.join(victim), awaits=awaits)
        victim.then(s.sleep(9))
        await s.begin(victim, joiner, s.coroutine("killer", s.sleep(2), s.cancel(victim)))
        await s.run_all()
        s.must_tell(victim, begins(0), hears(2, "Cancelled"), goes_on(3))
        s.must_tell(joiner, begins(0), hears(3, "Cancelled"))

    await run(play)


async def test_many_are_spawned_by_one(run):
    """A coroutine spawns others, each of which may join the one before."""

    async def play(s):
        first = s.coroutine("first", gives=7)
        link = s.coroutine("link", s.join())
        parent = s.coroutine("parent", s.spawn(first), s.spawn(link, times=20), s.join())
        await s.begin(parent)
        await s.run_all()
        s.must_tell(parent, begins(0), goes_on(0, 7))
        link.must_have_been_called(40)

    await run(play)


async def test_story_is_compared(run):
    """What a coroutine tells otherwise than it should is a finding, in words."""

    async def play(s):
        ann = s.coroutine("Ann", s.sleep(2))
        await s.begin(ann)
        await s.run_all()
        s.must_tell(ann, begins(0), hears(1, "KeyError", "x"))

    with pytest.raises(Broken, match="Ann begins at 0 s, goes on at 2 s; it should be: begins"):
        await run(play)


async def one_sleeper(s):
    """One coroutine that sleeps for a second."""
    await s.begin(s.coroutine("sleeper", s.sleep(1)))
    await s.run_all()
    s.must_not_have_looked_in_vain()


async def test_poll_before_a_sleep_does_no_harm(run):
    """Whoever looks once more before he sleeps has not woken up in vain."""
    await run(one_sleeper, ONE_AT_A_TIME.format(rest=POLLS_FIRST))


@pytest.mark.parametrize(
    ("rest", "kind", "complaint"),
    [
        (NAPS, Kind.BLOCKING, "called 4 times, and 3 times it slept and nobody went on"),
        (POLLS, Kind.BLOCKING, "called 100 times in a row"),
        (FOR_EVER, Kind.STUCK, "to sleep for ever"),
        (NEGATIVE, Kind.BEHAVIOUR, "must be non-negative"),
    ],
)
async def test_other_sleeps_are_told_apart(run, rest, kind, complaint):
    """Naps, polls, and a sleep from which nothing wakes are seen by the calls of select."""
    with pytest.raises(Broken, match=complaint) as broken:
        await run(one_sleeper, ONE_AT_A_TIME.format(rest=rest))

    assert broken.value.finding.kind is kind


async def test_deadlock_has_to_be_said(run):
    """A scheduler that returns although those who are left wait for each other is found out."""

    async def play(s):
        await s.begin(s.coroutine("sleeper", s.sleep(1)))
        s.must_say_that_nobody_can_go_on(await s.run())

    with pytest.raises(Broken, match="run gave None, not RuntimeError"):
        await run(play)


async def test_question_waits_for_its_answer(session_of):
    """A given callable waits for the judge in each of its calls, and gives what he answers."""
    source = "def act(ask): return [ask(b'one'), ask(2)]"
    session = await session_of(source, Contract("act(ask)", sockets=True))
    async with open_program(session, random.Random(7)) as program:
        ask = program.asking("ask")
        call = await program.begin("act", ask)
        for times, word in enumerate((b"uno", "dos"), 1):
            await program.must_call(ask, times)
            assert not call.done
            await program.answer(ask.calls[-1], word)
        await call.end()

        assert [told.arguments for told in ask.calls] == [(b"one",), (2,)]
        assert call.value == [b"uno", "dos"]
