"""The warm process: orders in, replies out, and nothing left behind."""

from io import BytesIO
from pathlib import Path

import msgspec
import pytest

from grader.results import Verdict
from grader.watching.messages import Order, Reply
from grader.watching.worker import serve

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def replies():
    """What is said to three orders: a right program, a stage that is not there, a folder that is not there."""
    orders = [
        Order("s03_async_await", str(ROOT / "solutions")),
        Order("s99", str(ROOT / "solutions")),
        Order("s01_callbacks", str(ROOT / "nowhere")),
    ]
    told = BytesIO()
    serve([msgspec.json.encode(order) for order in orders], told)
    return [msgspec.json.decode(line, type=Reply) for line in told.getvalue().splitlines()]


def test_stage_is_graded(replies):
    """A right program has all its points, and its source comes along."""
    (stage,) = replies[0].result.stages

    assert {check.verdict for check in stage.checks} == {Verdict.PASSED}
    assert "async def checkout" in replies[0].source
    assert not replies[0].untouched


def test_mistake_is_a_sentence_and_the_next_order_is_carried_out(replies):
    """What cannot be graded is said, and the process goes on."""
    assert [bool(reply.error) for reply in replies] == [False, True, True]
    assert "s99" in replies[1].error
    assert "nowhere" in replies[2].error
