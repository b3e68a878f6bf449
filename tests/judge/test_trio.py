"""A submission on trio: the judge sees, times and cancels it as it does on asyncio."""

import pytest

from grader.errors import ExerciseError
from grader.judge import Broken, Contract
from grader.results import Kind
from grader.world import STEPS, Fault

pytestmark = pytest.mark.asyncio

CONTRACT = Contract(
    "async checkout(services, user_id)", services="coroutines", backends=("trio", "asyncio")
)


@pytest.fixture
def on_trio(session_of):
    """Begins a session on trio."""

    def begin(source, **options):
        return session_of(source, CONTRACT, **options)

    return begin


async def found_in(on_trio, source, **options):
    """The finding that ends a checkout of one customer on trio."""
    try:
        session = await on_trio(source, **options)
        operation = await session.begin("checkout", session.world.add())
        await session.drive(operation)
        findings = await session.finish()
    except Broken as broken:
        return broken.finding
    assert findings, f"nothing was found; the checkout ended with {operation.ends}"
    return findings[0]


async def test_right_program_pays_once(on_trio, right, nursery):
    """Whatever makes the children, they run trio when they are asked to."""
    session = await on_trio(right, nursery=nursery)
    customer = session.world.add()

    operation = await session.begin("checkout", customer)
    await session.drive(operation)

    assert session.history.steps(customer.id) == list(STEPS)
    assert [session.value_of(operation)] == session.world.paid
    assert await session.finish() == []


async def test_right_program_pays_where_nobody_may_look(on_trio, right, portable):
    """Without a view from outside, trio's idleness is the loop's."""
    session = await on_trio(right, kind=portable)

    operation = await session.begin("checkout", session.world.add())
    await session.drive(operation)

    assert [session.value_of(operation)] == session.world.paid


async def test_children_run_either(session_of, on_trio, right):
    """A child that knows trio runs asyncio as before."""
    for begin in (on_trio, session_of, on_trio):
        session = await begin(right)
        operation = await session.begin("checkout", session.world.add())
        await session.drive(operation)
        assert [session.value_of(operation)] == session.world.paid


async def test_time_is_the_judges(on_trio):
    """Half a minute passes at once, on trio's clock, on anyio's and on the module's."""
    source = """
    import time, anyio, trio
    async def checkout(services, user_id):
        began = anyio.current_time(), trio.current_time(), time.monotonic()
        await anyio.sleep(12.5)
        with trio.move_on_after(17.5):
            await trio.sleep_forever()
        return [anyio.current_time() - began[0], trio.current_time() - began[1], time.monotonic() - began[2]]
    """
    session = await on_trio(source)
    began = session.now

    operation = await session.begin("checkout", session.world.add())
    await session.drive(operation)

    assert session.value_of(operation) == [30.0, 30.0, 30.0]
    assert session.now - began == 30.0


async def test_scope_cancels_and_lets_go(on_trio, right):
    """A cancelled checkout ends as such, and its call is abandoned before."""
    session = await on_trio(right)
    operation = await session.begin("checkout", session.world.add(), scoped=True)

    await session.cancel(operation, scope=True)

    assert [end.how for end in operation.ends] == ["cancelled"]
    assert operation.open_at_end == ()
    assert await session.finish() == []


async def test_native_cancellation_is_an_author_s_mistake(on_trio, right):
    """No task of trio's can be cancelled but by a scope."""
    session = await on_trio(right)
    operation = await session.begin("checkout", session.world.add())

    with pytest.raises(ExerciseError, match="only a scope cancels"):
        await session.cancel(operation)


@pytest.mark.parametrize(
    "line",
    ["await asyncio.sleep(0)", "await asyncio.sleep(1)", "asyncio.create_task(None)",
     "asyncio.ensure_future(services.get_orders(1))", "async with asyncio.timeout(1): pass"],
)  # fmt: skip
async def test_there_is_no_asyncio(on_trio, line):
    """As in a program that trio.run started, though the loop under it is asyncio's."""
    session = await on_trio(f"""
import asyncio
async def checkout(services, user_id):
    {line}
""")

    operation = await session.begin("checkout", session.world.add())
    await session.drive(operation)

    (end,) = operation.ends
    assert end.how == "error"
    assert end.value.name in ("RuntimeError", "TypeError")


async def test_error_in_a_child_comes_in_a_group(on_trio):
    """With the line that raised it."""
    session = await on_trio("""
import anyio
async def checkout(services, user_id):
    async with anyio.create_task_group() as group:
        group.start_soon(services.get_user_data, user_id)
""")
    customer = session.world.add(fails_at="get_user_data")

    operation = await session.begin("checkout", customer)
    await session.drive(operation)

    (end,) = operation.ends
    assert end.value.contains("UserNotFound")
    assert [call.line for call in session.history.calls(customer.id)] == [5]


async def test_what_comes_out_before_it_waits(on_trio):
    """A function that is no coroutine is told apart."""
    session = await on_trio("""
def checkout(services, user_id):
    if user_id is None:
        raise ValueError
    return 7
""")

    operation = await session.begin("checkout", session.world.add())

    assert operation.started.how == "int"
    assert session.value_of(operation) == 7


async def test_stuck_program_says_where_its_tasks_wait(on_trio):
    """Each task by its line, though it waits deep inside of anyio."""
    source = """
    import anyio
    async def wait(event):
        await event.wait()
    async def checkout(services, user_id):
        async with anyio.create_task_group() as group:
            group.start_soon(wait, anyio.Event())
    """

    found = await found_in(on_trio, source)

    assert found.kind is Kind.STUCK
    assert "wait waits at line 4" in found.message
    assert "checkout waits at line" in found.message


BLOCKS = """
import anyio, select, time
async def work():
    await anyio.sleep(1)
    {line}
async def checkout(services, user_id):
    async with anyio.create_task_group() as group:
        group.start_soon(work)
    return 1
"""


@pytest.mark.parametrize("line", ["time.sleep(0.05)", "sum(range(20_000_000))"])
async def test_blocked_loop_is_found_with_its_line(on_trio, line):
    """The detector hears trio's tasks turn, and names the line that held them up."""
    found = await found_in(on_trio, BLOCKS.format(line=line))

    assert (found.kind, found.line) == (Kind.BLOCKING, 5)


async def test_what_the_judge_alone_sees_is_suspected_with_its_line(on_trio):
    """A sleep that the detector has no word for has to come twice."""
    session = await on_trio(BLOCKS.format(line="select.select([], [], [], 0.05)"))
    await session.drive(await session.begin("checkout", session.world.add()))

    found = [*await session.finish(), *session.suspected()]

    assert {each.kind for each in found} == {Kind.BLOCKING}
    assert 5 in {each.line for each in found}


async def test_endless_computing_is_found(on_trio):
    """A task that never gives way is stopped, with its line."""
    source = """
    async def checkout(services, user_id):
        while True:
            pass
    """

    found = await found_in(on_trio, source)

    assert found.kind is Kind.BLOCKING
    assert found.line in (3, 4)


async def test_spinning_is_found(on_trio):
    """A task that gives way again and again, and waits for nothing."""
    source = """
    import anyio
    async def checkout(services, user_id):
        while True:
            await anyio.lowlevel.checkpoint()
    """

    found = await found_in(on_trio, source)

    assert (found.kind, found.line) == (Kind.BLOCKING, 5)


async def test_task_without_an_owner_is_a_leak(on_trio):
    """There are such tasks on trio as well, for who asks its lower level."""
    source = """
    import trio
    async def for_ever():
        await trio.sleep_forever()
    async def checkout(services, user_id):
        trio.lowlevel.spawn_system_task(for_ever)
        return 1
    """

    found = await found_in(on_trio, source)

    assert (found.kind, found.line) == (Kind.LEAK, 4)


async def test_waiting_task_that_nobody_ends_does_not_hold_up_the_end(on_trio, right):
    """A checkout that waits under a shield when all is over is told of, and left."""
    source = "import anyio\n" + right.replace(
        "user = await services.get_user_data(user_id)",
        "with anyio.CancelScope(shield=True):\n        user = await services.get_user_data(user_id)",
    )
    session = await on_trio(source)
    await session.begin("checkout", session.world.add(faults={"get_user_data": Fault.SILENT}))

    findings = await session.finish()

    assert [(found.kind, found.line) for found in findings] == [(Kind.LEAK, 5)]


async def test_worker_threads_wake_trio_and_end(on_trio):
    """A thread's result arrives, whatever trio is waiting for, and the thread is gone afterwards."""
    session = await on_trio("""
import threading, anyio, anyio.to_thread
async def checkout(services, user_id):
    with anyio.move_on_after(60):
        names = [await anyio.to_thread.run_sync(threading.get_ident) for _ in range(3)]
        return threading.get_ident() not in names
""")
    began = session.now

    operation = await session.begin("checkout", session.world.add())
    await session.drive(operation)

    assert session.value_of(operation) is True
    assert session.now == began
    assert await session.finish() == []


async def test_request_id_comes_along(on_trio, right):
    """What a context holds reaches trio's task."""
    session = await on_trio(right)

    operation = await session.begin("checkout", session.world.add(), request_id="r-1")
    await session.drive(operation)

    assert session.value_of(operation).request_id == "r-1"


async def test_who_breaks_trio_hears_of_it(on_trio):
    """A nursery that is left while its tasks run breaks the scheduler."""
    source = """
    import trio
    async def checkout(services, user_id):
        nursery = trio.lowlevel.current_task().parent_nursery
        nursery.cancel_scope.__exit__(None, None, None)
        await services.get_user_data(user_id)
    """

    found = await found_in(on_trio, source)

    assert found.kind is Kind.LOOP_ERROR
    assert "Cancel scope stack corrupted" in found.message
