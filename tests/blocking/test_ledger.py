"""The arithmetic of a step: nothing is lost, and nobody is accused of another's time."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from grader.blocking.ledger import Reading, Spent, Where, balance, divide

nanoseconds = st.integers(0, 10**12)
readings = st.builds(Reading, nanoseconds, nanoseconds, nanoseconds, st.integers(0, 1000))
sightings = st.dictionaries(st.sampled_from(Where), st.integers(1, 50)).map(Counter)
others = st.lists(st.builds(Spent, st.just("worker"), nanoseconds, nanoseconds), max_size=3)


@given(before=readings, after=readings, overhead=nanoseconds)
def test_wall_time_is_split_without_remainder(before, after, overhead):
    """Whatever the clocks say, the parts are not negative and add up to the wall time."""
    account = balance(before, after, overhead=overhead)

    parts = (account.computed, account.queued, account.slept, account.stolen)
    assert sum(parts) == account.wall == max(0, after.wall - before.wall)
    assert min(parts) >= 0


@given(slept=nanoseconds, seen=sightings, others=others)
def test_sleep_is_divided_without_remainder(slept, seen, others):
    """Every nanosecond asleep is the GIL's, a starved thread's, or the step's own."""
    sleep = divide(slept, seen, others)

    assert sleep.gil + sleep.excusable + sleep.own == slept
    assert min(sleep.gil, sleep.excusable, sleep.own) >= 0


@given(slept=nanoseconds, seen=sightings)
def test_alone_all_sleep_is_its_own(slept, seen):
    """Without other threads nobody else can have kept the GIL."""
    assert divide(slept, seen, []).own == slept


@given(before=readings, wall=nanoseconds)
def test_who_never_gave_up_the_cpu_did_not_sleep(before, wall):
    """Time off the CPU without a voluntary switch is the host's doing."""
    after = Reading(before.wall + wall, before.cpu, before.queued, before.switches)

    account = balance(before, after)

    assert (account.slept, account.stolen) == (0, wall)


def test_a_sleep_on_a_busy_machine_is_a_sleep():
    """50 ms asleep and 600 ms in the run queue are 50 ms of waiting."""
    before = Reading(0, 0, 0, 1)
    after = Reading(651_000_000, 1_000_000, 600_000_000, 3)

    account = balance(before, after)

    assert (account.computed, account.queued, account.slept) == (1_000_000, 600_000_000, 50_000_000)


def test_the_observers_own_work_is_not_the_programs():
    """The CPU that the sampler burnt is taken off."""
    before, after = Reading(0, 0, 0, 0), Reading(30, 30, 0, 0)

    assert balance(before, after, overhead=6).computed == 24


def test_waiting_for_the_gil_is_not_waiting():
    """Seen at the GIL while another thread ran: that thread's doing."""
    sleep = divide(90, Counter({Where.GIL: 9}), [Spent("worker", 90, 0)])

    assert (sleep.gil, sleep.own) == (90, 0)


def test_who_sleeps_holding_the_gil_waits_itself():
    """Seen at the GIL although nobody else ran: it had the GIL all along."""
    sleep = divide(90, Counter({Where.GIL: 2}), [Spent("worker", 0, 0)])

    assert (sleep.gil, sleep.own) == (0, 90)


def test_waiting_for_a_starved_thread_is_excusable():
    """A lock is held for longer because its holder waits for a CPU: that share is set apart."""
    sleep = divide(90, Counter({Where.LOCK: 9}), [Spent("holder", 5, 40)])

    assert (sleep.excusable, sleep.own) == (40, 50)


def test_unseen_sleep_is_others_as_far_as_they_ran():
    """Where the watchdog could not run either, the others had the GIL for as long as they ran."""
    sleep = divide(90, Counter(), [Spent("worker", 60, 10)])

    assert (sleep.gil, sleep.own) == (70, 20)
