"""What is kept of a run for its timeline."""

from contextlib import suppress

import pytest

from grader.judge import Broken, Contract
from grader.judge.recorded import CHECKOUTS, EVENTS, STEPS, RecordedSession
from grader.results import Event
from grader.timeline import timeline

pytestmark = pytest.mark.asyncio

CALLBACKS = Contract(
    "checkout(services, user_id, on_done, on_error)", services="callbacks", ends_by="callbacks"
)
ONE_STEP = """
def checkout(services, user_id, on_done, on_error):
    services.get_user_data(user_id, on_done, on_error)
"""

SLEEPS = """
import time

async def checkout(services, user_id):
    user = await services.get_user_data(user_id)
    time.sleep(0.05)
    orders = await services.get_orders(user)
"""

BATCH = """
import asyncio

async def checkout(services, user_id):
    user = await services.get_user_data(user_id)
    return (await services.get_orders(user))[0]

async def checkout_many(services, user_ids):
    return await asyncio.gather(*(checkout(services, user_id) for user_id in user_ids))
"""


async def test_each_step_has_its_books(session_of, right):
    """Four answers are five steps, in the order of the events that they bring."""
    session = await session_of(right, kind=RecordedSession)
    customer = session.world.add()
    await session.drive(await session.begin("checkout", customer))
    await session.finish()

    recording = session.recording()

    assert [step.place for step in recording.steps[:5]] == [0, 3, 5, 7, 9]
    assert all(step.seconds >= 0 and not step.open for step in recording.steps)
    assert recording.events[0].at == 0.0
    assert [operation.users for operation in recording.operations] == [(customer.id,)]
    assert recording.left == type(recording.left)()


async def test_step_is_timed_where_nobody_may_look(session_of, right, portable):
    """Without the kernel's books, the judge's own clock has to do."""

    class Recorded(RecordedSession, portable):
        """Both at once."""

    session = await session_of(right, kind=Recorded)
    await session.drive(await session.begin("checkout", session.world.add()))

    steps = session.recording().steps

    assert len(steps) == 5
    assert all(step.seconds > 0 for step in steps)


async def test_what_blocks_is_in_the_recording(session_of):
    """The line that the detector saw lies on the step that took so long."""
    session = await session_of(SLEEPS, kind=RecordedSession)
    operation = await session.begin("checkout", session.world.add())
    with suppress(Broken):
        await session.drive(operation)
    with suppress(Broken):
        await session.finish()

    (hold,) = timeline(session.recording()).holds

    assert (hold.label, hold.line) == ("time.sleep", 6)
    assert hold.real >= 0.05


async def test_step_that_never_ended_is_recorded_as_open(session_of):
    """A loop that does not come back has a last step without an end."""
    source = "import time\n\nasync def checkout(services, user_id):\n    time.sleep(3600)\n"
    session = await session_of(source, kind=RecordedSession)
    with pytest.raises(Broken) as broken:
        await session.drive(await session.begin("checkout", session.world.add()))
    await session.end()

    (hold,) = timeline(session.recording(), [broken.value.finding]).holds

    assert hold.outcome == "open"
    assert hold.line == 4


async def test_large_batch_is_told_in_part(session_of):
    """A bounded part of it, with those first that a finding is about, and what is left out counted."""
    session = await session_of(BATCH, kind=RecordedSession)
    customers = [session.world.add() for _ in range(200)]
    await session.drive(await session.begin("checkout_many", customers))

    story = [Event("called", 0.0, "get_user_data", customers[150].id, 151, wrong=True)]

    recording = session.recording(story)

    told = {event.user for event in recording.events if event.user is not None}
    assert len(told) == CHECKOUTS
    assert customers[150].id in told
    assert len(recording.events) <= EVENTS
    assert [event.user for event in recording.events if event.wrong] == [customers[150].id]
    assert len(recording.steps) <= STEPS
    assert recording.left.checkouts == 200 - CHECKOUTS
    assert recording.left.events == len(session.history) - len(recording.events)
    assert recording.left.steps == len(session.steps) - len(recording.steps)
    assert [operation.customers for operation in recording.operations] == [200]


async def test_callback_that_tells_its_caller_is_told(session_of):
    """The end of a checkout with callbacks is a mark."""
    session = await session_of(ONE_STEP, CALLBACKS, kind=RecordedSession)
    await session.drive(await session.begin("checkout", session.world.add()))

    (checkout, _loop) = timeline(session.recording()).lanes

    assert [(mark.kind, mark.label) for mark in checkout.marks] == [("told", "on_done")]
