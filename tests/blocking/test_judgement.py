"""From what is known about a slow step to what is said about it."""

import bdb
import threading
from collections import Counter

from grader.blocking.judgement import SLACK, Evidence, Outcome, judge
from grader.blocking.ledger import Account, Spent, Where
from grader.blocking.sources import is_user_file
from grader.blocking.stacks import Frame

MS = 1_000_000
THRESHOLD = 25 * MS
USER = (Frame("/home/me/shop.py", 7, "settle"),)
STARTING = (Frame(threading.__file__, 99, "start"), *USER)
DEBUGGED = (Frame(bdb.__file__, 99, "dispatch_line"), *USER)


def account(computed=0, queued=0, slept=0, stolen=0):
    wall = computed + queued + slept + stolen
    return Account(wall * MS, computed * MS, queued * MS, slept * MS, stolen * MS)


def outcome(**evidence):
    evidence.setdefault("stacks", [USER])
    return judge(Evidence(**evidence), THRESHOLD, is_user_file).outcome


def test_sleeping_too_long_waits():
    assert outcome(account=account(slept=30)) is Outcome.WAITS


def test_computing_too_long_computes():
    assert outcome(account=account(computed=30)) is Outcome.COMPUTES


def test_half_and_half_adds_up():
    """Neither part alone reaches the threshold; together they held the loop."""
    assert outcome(account=account(computed=15, slept=14)) is Outcome.COMPUTES


def test_waiting_for_a_cpu_is_innocent():
    assert outcome(account=account(computed=2, queued=400)) is Outcome.INNOCENT


def test_what_the_host_took_is_innocent():
    assert outcome(account=account(computed=2, stolen=400)) is Outcome.INNOCENT


def test_waiting_for_the_gil_is_innocent():
    where = Counter({Where.GIL: 6})
    others = [Spent("worker", 40 * MS, 0)]

    assert outcome(account=account(slept=40), where=where, others=others) is Outcome.INNOCENT


def test_an_unbroken_hold_of_the_gil_is_its_own_kind():
    """The watchdog was kept out as well, so it was one long call in C in another thread."""
    where, others = Counter({Where.GIL: 1}), [Spent("worker", 90 * MS, 0)]

    found = outcome(account=account(slept=90), where=where, others=others, kept_out=80 * MS)

    assert found is Outcome.KEPT_OUT


def test_a_spin_on_a_starved_machine_is_inconclusive():
    """It looked at the clock, and the machine gave it less than it asked for."""
    assert outcome(account=account(computed=9, queued=60), spins=True) is Outcome.INCONCLUSIVE


def test_honest_computing_on_a_starved_machine_is_innocent():
    """Less than the threshold of computing is less than the threshold, however long it took."""
    assert outcome(account=account(computed=9, queued=60)) is Outcome.INNOCENT


def test_waiting_for_a_starved_holder_is_inconclusive():
    """Only the time for which the lock's holder waited for a CPU makes it too long."""
    where, others = Counter({Where.LOCK: 6}), [Spent("holder", 0, 30 * MS)]

    found = outcome(account=account(slept=40), where=where, others=others)

    assert found is Outcome.INCONCLUSIVE


def test_the_start_of_a_thread_is_the_librarys_own_wait():
    assert outcome(account=account(slept=60), stacks=[STARTING]) is Outcome.INNOCENT


def test_a_person_at_a_debugger_is_innocent():
    assert outcome(account=account(slept=60_000), stacks=[DEBUGGED]) is Outcome.INNOCENT


def test_a_step_that_was_never_sampled_must_be_clearly_too_long():
    slack = SLACK // MS

    assert outcome(account=account(slept=25 + slack - 1), stacks=[]) is Outcome.INNOCENT
    assert outcome(account=account(slept=25 + slack), stacks=[]) is Outcome.WAITS
