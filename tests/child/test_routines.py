"""The judge's coroutines, driven by hand: what they yield, what they tell, and how they end."""

import inspect
from types import SimpleNamespace

import pytest

from grader.child.routines import POLLS, Routines
from grader.protocol.deeds import Act, Deed, Routine
from grader.protocol.values import CallersBug, Listed, Raised


class Cancelled(BaseException):
    """As a submission has it."""


class Request:
    """Can be yielded and awaited."""

    def __init__(self, verb):
        self.verb = verb

    def __await__(self):
        return (yield self)


class Desk:
    """Does what it is told, and keeps what the judge would hear."""

    def __init__(self):
        self.told = []
        self.answers = []

    def do(self, deed, last=None):
        return Request(deed.what) if deed.what != "last" else last

    def tell(self, number, arguments):
        self.told.append((number, *arguments.items))

    def ask(self, number, arguments):
        self.told.append((number, *arguments.items))
        return self.answers.pop(0)

    def number_of(self, sock):
        return 0


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def routines(desk):
    return Routines(desk, SimpleNamespace(Cancelled=Cancelled))


def waits(what):
    """An act that waits for something."""
    return Act(Deed(what), waits=True)


@pytest.mark.parametrize("awaits", [False, True])
def test_routine_yields_its_requests(desk, routines, awaits):
    """A generator and a coroutine ask for the same, tell the same, and return what came last."""
    made = routines.make(Routine(5, (waits("sleep"), waits("join")), awaits=awaits), None)

    asked = [made.send(None).verb, made.send(None).verb]
    with pytest.raises(StopIteration) as ended:
        made.send(7)

    assert inspect.iscoroutine(made) is awaits
    assert asked == ["sleep", "join"]
    assert ended.value.value == 7
    assert desk.told == [(5, "begins", None), (5, "goes on", None), (5, "goes on", 7)]


def test_cancelled_routine_cleans_up(desk, routines):
    """It hears of it, does what is to be done then, and goes on to be cancelled."""
    made = routines.make(Routine(5, (waits("sleep"),), cleanup=(waits("join"),)), None)
    made.send(None)

    cleaning = made.throw(Cancelled())
    with pytest.raises(Cancelled):
        made.send(None)

    assert cleaning.verb == "join"
    assert desk.told[1] == (5, "hears", Raised("Cancelled", bases=("BaseException",)))


def test_cancelled_routine_may_survive(routines):
    """Or it returns as if nothing had been."""
    made = routines.make(Routine(5, (waits("sleep"),), survives=True, gives=3), None)
    made.send(None)

    with pytest.raises(StopIteration) as ended:
        made.throw(Cancelled())

    assert ended.value.value == 3


def test_routine_may_raise(routines):
    """What the judge wants it to raise is raised in the end."""
    made = routines.make(Routine(5, raises="bug 1"), None)

    with pytest.raises(CallersBug, match="bug 1"):
        made.send(None)


def test_closed_routine_tells_nothing(desk, routines):
    """Nobody is told of a routine that is closed, as the collector does it."""
    made = routines.make(Routine(5, (waits("sleep"),)), None)
    made.send(None)

    made.close()

    assert desk.told == [(5, "begins", None)]


def test_select_waits_for_the_judge(desk, routines):
    """The clock goes where the judge says, and what is ready is asked of the system then."""
    desk.answers.append(2.5)

    ready = routines.select(9, [], [], [], 4)

    assert desk.told == [(9, Listed(()), 4, True)]
    assert (routines.clock(), ready) == (2.5, ([], [], []))


def test_looks_do_not_wait_for_the_judge(desk, routines):
    """But for one who looks again and again while nobody goes on: he has to be stopped."""
    desk.answers.append(0.0)

    for _ in range(POLLS + 1):
        routines.select(9, [], [], [], 0)

    assert [waits for *_, waits in desk.told] == [False] * POLLS + [True]


def test_select_refuses_a_negative_timeout(routines):
    """As the system's does."""
    with pytest.raises(ValueError, match="non-negative"):
        routines.select(9, [], [], [], -1)
