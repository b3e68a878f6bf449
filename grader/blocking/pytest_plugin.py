"""A pytest plugin: a test marked `never_blocks` fails if its event loop is blocked, by any line.

    @pytest.mark.never_blocks(threshold=0.025)
    async def test_checkout(): ...

It works with whatever runs the test's coroutine on asyncio's own loop (pytest-asyncio, anyio's
plugin). The ini option `never_blocks = 0.025` watches every asynchronous test;
`@pytest.mark.never_blocks(False)` exempts one.
"""

import inspect
from collections.abc import Generator
from typing import Any

import pytest

_DEFAULT = 0.025


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the ini option for a whole suite."""
    parser.addini(
        "never_blocks",
        "Seconds for which a step of any asynchronous test may hold its loop",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line(
        "markers",
        "never_blocks(threshold=0.025): fail if a step of the test's loop takes longer, in seconds",
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Run a test under the detector, if it is marked or the ini option says so."""
    threshold = _threshold_of(item)
    if threshold is None or not isinstance(item, pytest.Function):
        return (yield)
    from .watch import Watch  # noqa: PLC0415 - a suite that watches nothing pays nothing

    watch = Watch(threshold)
    with watch.around(item):
        result = yield
    watch.conclude(item)
    return result


def _threshold_of(item: pytest.Item) -> float | None:
    """Seconds; None if the test is not to be watched."""
    if marker := item.get_closest_marker("never_blocks"):
        asked: Any = marker.kwargs.get("threshold", *marker.args[:1] or (_DEFAULT,))
        return None if asked is False else float(asked)
    suite: str = item.config.getini("never_blocks")
    if not suite or not _is_asynchronous(item):
        return None
    return float(suite)


def _is_asynchronous(item: pytest.Item) -> bool:
    if not isinstance(item, pytest.Function):
        return False
    from .watch import place_of_test  # noqa: PLC0415 - as above

    return inspect.iscoroutinefunction(getattr(*place_of_test(item)))
