"""A check runs on each backend of its contract, one after the other, until something counts against the submission."""

import pytest

from grader.judge import Contract
from grader.results import Verdict
from grader.verdicts import Course

pytestmark = pytest.mark.asyncio

BOTH = Contract(
    "async checkout(services, user_id)", services="coroutines", backends=("asyncio", "trio")
)
STEPS = """
    user = await services.get_user_data(user_id)
    orders = await services.get_orders(user)
    details = await services.get_order_details(orders[0])
    return await services.process_payment(details)
"""
RIGHT = f"async def checkout(services, user_id):{STEPS}"
ON_ASYNCIO = (
    f"import asyncio\nasync def checkout(services, user_id):\n    await asyncio.sleep(1){STEPS}"
)
ON_TRIO = f"import trio\nasync def checkout(services, user_id):\n    await trio.sleep(1){STEPS}"


@pytest.fixture
def judged(fork_nursery, tmp_path):
    """Judges a program by one check; gives the result, and the backends that it ran on."""

    async def judge(program, **mark):
        (tmp_path / "pipeline.py").write_text(program)
        course = Course(7, _nursery=fork_nursery)
        course.expect(tmp_path, "test_pays", "Pays.", {"points": 1, **mark})
        attempt = course.attempt(tmp_path, "test_pays", BOTH)
        ran_on = []

        async def check():
            ran_on.append(attempt.submission.backend)
            checkout = await attempt.submission.checkout(attempt.shop.customer())
            await attempt.shop.serve(checkout)
            checkout.must_pay()

        return await course.judge(tmp_path, "test_pays", attempt, check), ran_on

    return judge


async def test_right_program_is_run_on_each(judged):
    """In the order of the contract."""
    result, ran_on = await judged(RIGHT)

    assert result.verdict is Verdict.PASSED
    assert ran_on == ["asyncio", "trio"]


@pytest.mark.parametrize(
    ("program", "backend", "runs"), [(ON_ASYNCIO, "trio", 2), (ON_TRIO, "asyncio", 1)]
)
async def test_finding_says_on_which_backend(judged, program, backend, runs):
    """The first that fails is the last that is run; its events are told."""
    result, ran_on = await judged(program)

    assert result.verdict is Verdict.FAILED
    assert result.findings[0].message.startswith(f"on {backend}: checkout(")
    assert len(ran_on) == runs
    assert ran_on[-1] == backend
    assert any(event.wrong for event in result.events)


@pytest.mark.parametrize(("program", "backend"), [(ON_ASYNCIO, "asyncio"), (ON_TRIO, "trio")])
async def test_check_may_name_a_backend(judged, program, backend):
    """It is run there alone."""
    result, ran_on = await judged(program, backends=backend)

    assert result.verdict is Verdict.PASSED
    assert ran_on == [backend]


async def test_finding_of_a_check_with_one_backend_does_not_name_it(judged):
    """There is nothing to tell apart."""
    result, _ = await judged(ON_TRIO, backends="asyncio")

    assert result.findings[0].message.startswith("checkout(")


async def test_program_that_cannot_be_imported_is_not_tried_twice(judged):
    """Why is the same on each."""
    result, _ = await judged("import asyncio\nraise ValueError\n")

    assert result.verdict is Verdict.FAILED
    assert result.findings[0].message.startswith("pipeline.py raised")


async def test_check_that_names_another_backend_fails_nobody(judged):
    """Its author must act."""
    result, ran_on = await judged(RIGHT, backends="curio")

    assert result.verdict is Verdict.UNKNOWN
    assert "names a backend" in result.findings[0].message
    assert ran_on == []
