"""Whatever a submission imports to know the time tells it the judge's time; all else is the library's own."""

import datetime as dt
import math
import pickle
import threading
import time
import timeit

import pytest

from grader.child.clocks import STEADY, Clocks, Steady


class Now:
    """The judge's time."""

    def __init__(self):
        self.seconds = 1_000.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def now():
    return Now()


@pytest.fixture
def clocks(now):
    return Clocks(now)


def seconds_of(name):
    """How a clock is read by its name, in seconds."""

    def read(clocks):
        judged = clocks.judged(time)
        return {
            "monotonic": judged.monotonic,
            "perf_counter": judged.perf_counter,
            "time": judged.time,
            "monotonic_ns": lambda: judged.monotonic_ns() / 1e9,
            "time_ns": lambda: judged.time_ns() / 1e9,
            "steady": lambda: judged.clock_gettime(min(STEADY)),
            "real": lambda: judged.clock_gettime(time.CLOCK_REALTIME),
            "real_ns": lambda: judged.clock_gettime_ns(time.CLOCK_REALTIME) / 1e9,
            "timeit": clocks.judged(timeit).default_timer,
            "datetime": lambda: clocks.judged(dt).datetime.now().timestamp(),
            "utc": lambda: clocks.judged(dt).datetime.now(dt.UTC).timestamp(),
            "today": lambda: clocks.judged(dt).datetime.today().timestamp(),
        }[name]()

    return read


NAMES = (
    *("monotonic", "perf_counter", "time", "monotonic_ns", "time_ns", "steady", "real", "real_ns"),
    *("timeit", "datetime", "utc", "today"),
)


@pytest.mark.parametrize("name", NAMES)
def test_a_clock_moves_as_the_judges_does_and_only_then(clocks, now, name):
    read = seconds_of(name)
    before = read(clocks)
    again = read(clocks)
    now.seconds += 2.5

    assert again == before
    assert math.isclose(read(clocks) - before, 2.5, abs_tol=1e-5)


def test_dates_are_of_this_day_and_can_be_reckoned_with(clocks, now):
    """A learner's log says when it was; a deadline is a sum."""
    judged = clocks.judged(dt)
    began = judged.datetime.now(dt.UTC)
    deadline = began + judged.timedelta(seconds=2)
    now.seconds += 2

    assert judged.datetime.now(dt.UTC) == deadline
    assert abs(dt.datetime.now(dt.UTC) - began) < dt.timedelta(days=1)
    assert isinstance(judged.datetime.now(), dt.datetime)
    assert judged.datetime.utcnow().tzinfo is None


def test_dates_are_those_of_the_library(clocks):
    """Who makes one, sends one, or asks of what kind it is, finds nothing strange."""
    judged = clocks.judged(dt).datetime
    today = judged(2026, 11, 27)

    assert type(today) is type(judged.now()) is dt.datetime
    assert isinstance(today, judged)
    assert isinstance(judged.max, judged)
    assert not isinstance(dt.date(2026, 11, 27), judged)
    assert pickle.loads(pickle.dumps(judged.now())) <= judged.now()
    assert type(type("Own", (judged,), {})(2026, 11, 27)).__name__ == "Own"


def test_what_measures_the_process_and_what_sleeps_is_the_real_one(clocks):
    judged = clocks.judged(time)

    assert (judged.sleep, judged.process_time) == (time.sleep, time.process_time)
    assert clocks.judged(math) is math


def test_a_module_is_copied_once(clocks):
    """Whoever imports it twice gets the same one."""
    assert clocks.judged(time) is clocks.judged(time)
    assert clocks.judged(time) is not time


def test_for_another_thread_time_goes_on_as_real_time_does(now):
    """Who sleeps until a clock says so wakes, and no clock of his goes back; for the loop it stands still."""
    real = Now()
    steady = Steady(now, real)
    read = []

    def read_thrice():
        read.append(steady())
        real.seconds += 0.5
        read.append(steady())
        now.seconds += 0.1  # the judge's move is less than what has passed
        read.append(steady())

    thread = threading.Thread(target=read_thrice)
    thread.start()
    thread.join()

    assert read == [1_000.0, 1_000.5, 1_000.5]
    assert steady() == 1_000.1
