"""The pytest plugin: a test marked `check` judges a submission, in another process.

    @pytest.mark.check(points=2, rules="R1 R3", hint="errors")
    async def test_pays_the_first_order(shop, submission):
        '''Pays the first order of the user.'''

`points` is what the check is worth, `hint` names a topic of the stage's README. Beside the test stands `CONTRACT`. The
submission is `pipeline.py` in the same folder, unless the grader says otherwise.

While one check waits for its child, others are judged that pytest has not come to yet. Each has a world and a child of
its own, so that changes nothing but the time it takes. The judge is imported by the first check: a suite without checks
pays nothing.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import os
from collections import deque
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.judge.attempt import Attempt
    from grader.judge.counter import Counter
    from grader.judge.submission import Submission
    from grader.results import CheckResult
    from grader.verdicts import Course

COURSE: pytest.StashKey[Course] = pytest.StashKey()
ATTEMPT: pytest.StashKey[Attempt] = pytest.StashKey()
AHEAD: pytest.StashKey[asyncio.Task[CheckResult]] = pytest.StashKey()
CHECK: pytest.StashKey[Any] = pytest.StashKey()
BENCH: pytest.StashKey[Bench] = pytest.StashKey()
AT_A_TIME = 4
"""Checks that are judged side by side."""
FIXTURES = {"shop", "submission"}
"""What a check may ask for to be judged ahead of its turn."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options for running checks with plain pytest."""
    group = parser.getgroup("unblocked")
    group.addoption(
        "--unblocked-seed", type=int, help="draw ids, amounts and orders from this seed"
    )
    group.addoption(
        "--unblocked-spawn",
        action="store_true",
        help="a fresh interpreter for each check, not a fork",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Say what the marker means."""
    config.addinivalue_line(
        "markers",
        "check(points, rules, hint, backends='', bonus=False, private=''): judges a submission",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item: pytest.Item) -> None:
    """Put the judgement round each check."""
    if item.get_closest_marker("check") is not None and isinstance(item, pytest.Function):
        item.stash[CHECK] = item.obj
        item.obj = _judged(item, item.obj)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tell the course what is going to be judged, and in which order."""
    checks = [item for item in items if CHECK in item.stash and isinstance(item, pytest.Function)]
    for item in checks:
        mark = item.get_closest_marker("check")
        title = inspect.getdoc(item.stash[CHECK]) or item.name
        assert mark is not None
        course_of(config).expect(item.path.parent, item.name, title.partition("\n")[0], mark.kwargs)
    for folder, module in {item.path.parent: item.module for item in checks}.items():
        course_of(config).learn_rules(folder, _rules_of(module))
    config.stash[BENCH] = Bench(checks)


def _rules_of(module: object) -> dict[str, str]:
    """The rules of all checks in a file, be they judged this time or not."""
    functions = {name: thing for name, thing in vars(module).items() if inspect.isfunction(thing)}
    return {
        name: str(mark.kwargs.get("rules", ""))
        for name, function in functions.items()
        for mark in _marks_of(function)
        if mark.name == "check"
    }


def _marks_of(function: object) -> list[pytest.Mark]:
    return getattr(function, "pytestmark", [])


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the warm process."""
    if (course := config.stash.get(COURSE, None)) is not None:
        course.close()


def course_of(config: pytest.Config) -> Course:
    """The course of this pytest run; made when first asked for."""
    from grader.language import language, speak, wanted  # noqa: PLC0415 - a suite without checks never comes here
    from grader.verdicts import Course  # noqa: PLC0415 - as above

    if COURSE not in config.stash:
        speak(language(wanted(os.environ)))
        seed = config.getoption("--unblocked-seed")
        config.stash[COURSE] = Course.drawn(seed, spawn=bool(config.getoption("--unblocked-spawn")))
    return config.stash[COURSE]


@pytest.fixture
def attempt(request: pytest.FixtureRequest) -> Attempt:
    """One run of this check on the submission under judgement."""
    return _attempt(request.node)


@pytest.fixture
def shop(attempt: Attempt) -> Counter:
    """The simulated shop: who comes, how its services answer."""
    return attempt.shop


@pytest.fixture
def submission(attempt: Attempt) -> Submission:
    """The learner's program, in another process."""
    return attempt.submission


def _attempt(item: pytest.Item) -> Attempt:
    if ATTEMPT not in item.stash:
        contract = getattr(item, "module").CONTRACT  # noqa: B009 - every test function has its module
        item.stash[ATTEMPT] = course_of(item.config).attempt(item.path.parent, item.name, contract)
    return item.stash[ATTEMPT]


def _judged(item: pytest.Function, check: Any) -> Any:  # noqa: ANN401 - a coroutine function
    from grader.verdicts.ending import end_test  # noqa: PLC0415 - as above

    @functools.wraps(check)
    async def judged(**fixtures: Any) -> None:  # noqa: ANN401 - whatever the check asks for
        __tracebackhide__ = True
        begun = item.config.stash[BENCH].turn_of(item, fixtures)
        end_test(await begun)
        del item.stash[ATTEMPT]  # and with it all that a child may have said

    return judged


def _begin(item: pytest.Function, fixtures: dict[str, Any]) -> asyncio.Task[CheckResult]:
    course, check = course_of(item.config), item.stash[CHECK]
    coroutine = course.judge(item.path.parent, item.name, _attempt(item), lambda: check(**fixtures))
    item.stash[AHEAD] = asyncio.get_running_loop().create_task(coroutine)
    return item.stash[AHEAD]


class Bench:
    """Where checks wait until they are judged: in pytest's order, but so many at a time.

    Args:
        checks: In pytest's order.
    """

    def __init__(self, checks: Iterable[pytest.Function]) -> None:
        self._waiting = deque(checks)
        self._judged = 0

    def turn_of(self, item: pytest.Function, fixtures: dict[str, Any]) -> asyncio.Task[CheckResult]:
        """Pytest has come to a check: judge it, if that was not begun already, and others meanwhile."""
        if AHEAD not in item.stash:
            self._watch(_begin(item, fixtures))
        self._call_in()
        return item.stash[AHEAD]

    def _call_in(self) -> None:
        """Those that ask for nothing that only pytest can give, when their turn comes."""
        while self._waiting and self._judged < AT_A_TIME:
            item = self._waiting.popleft()
            wanted = inspect.signature(item.stash[CHECK]).parameters
            if FIXTURES.issuperset(wanted) and AHEAD not in item.stash:
                own = _attempt(item)
                values = {"shop": own.shop, "submission": own.submission}
                self._watch(_begin(item, {name: values[name] for name in wanted}))

    def _watch(self, judging: asyncio.Task[CheckResult]) -> None:
        self._judged += 1
        judging.add_done_callback(self._rise)

    def _rise(self, judging: asyncio.Task[CheckResult]) -> None:
        self._judged -= 1
        if not judging.cancelled():
            self._call_in()
