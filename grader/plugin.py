"""The pytest plugin: a test marked `check` judges a submission, in another process.

    @pytest.mark.check(points=2, rules="R1 R3", hint="errors")
    async def test_pays_the_first_order(shop, submission):
        '''Pays the first order of the user.'''

`points` is what the check is worth, `hint` names a topic of the stage's README. Beside the test stands `CONTRACT`. The
submission is `pipeline.py` in the same folder, unless the grader says otherwise.
"""

from __future__ import annotations

import functools
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grader.judge.attempt import Attempt
from grader.verdicts import Course

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.judge.counter import Counter
    from grader.judge.attempt import Submission

COURSE = pytest.StashKey[Course]()
ATTEMPT = pytest.StashKey[Attempt]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options for running checks with plain pytest."""
    group = parser.getgroup("unblocked")
    group.addoption("--unblocked-seed", type=int, help="draw ids, amounts and orders from this seed")
    group.addoption("--unblocked-spawn", action="store_true", help="a fresh interpreter for each check, not a fork")


def pytest_configure(config: pytest.Config) -> None:
    """Say what the marker means."""
    config.addinivalue_line("markers", "check(points, rules, hint, bonus=False): judges a submission")


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item: pytest.Item) -> None:
    """Put the judgement round each check."""
    mark = item.get_closest_marker("check")
    if mark is not None and isinstance(item, pytest.Function):
        item.obj = _judged(item, item.obj)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tell the course what is going to be judged."""
    for item in items:
        if (mark := item.get_closest_marker("check")) is not None:
            title = (getattr(item, "function").__doc__ or item.name).strip().partition("\n")[0]  # noqa: B009
            course_of(config).expect(item.path.parent, item.name, title, dict(mark.kwargs))


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the warm process."""
    if (course := config.stash.get(COURSE, None)) is not None:
        course.close()


def course_of(config: pytest.Config) -> Course:
    """The course of this pytest run; made when first asked for."""
    if COURSE not in config.stash:
        seed = config.getoption("--unblocked-seed")
        drawn = secrets.randbelow(1 << 31) if seed is None else int(seed)
        config.stash[COURSE] = Course(drawn, spawn=bool(config.getoption("--unblocked-spawn")))
    return config.stash[COURSE]


@pytest.fixture(name="attempt")
def attempt_fixture(request: pytest.FixtureRequest) -> Iterator[Attempt]:
    """One run of this check on the submission under judgement."""
    folder = Path(request.path).parent
    course = course_of(request.config)
    contract = request.module.CONTRACT
    attempt = course.attempt(folder, request.node.name, contract)
    request.node.stash[ATTEMPT] = attempt
    yield attempt


@pytest.fixture
def shop(attempt: Attempt) -> Counter:
    """The simulated shop: who comes, how its services answer."""
    return attempt.shop


@pytest.fixture
def submission(attempt: Attempt) -> Submission:
    """The learner's program, in another process."""
    return attempt.submission


def _judged(item: pytest.Function, check: Any) -> Any:  # noqa: ANN401 - a coroutine function
    @functools.wraps(check)
    async def judged(**fixtures: Any) -> None:  # noqa: ANN401 - whatever the check asks for
        __tracebackhide__ = True
        course = course_of(item.config)
        attempt = item.stash[ATTEMPT]
        result = await course.judge(item.path.parent, item.name, attempt, lambda: check(**fixtures))
        course.report(item.path.parent, item.name, result)

    return judged
