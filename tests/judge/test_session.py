"""One child and its judge: right programs end, and each way of not ending is told apart."""

import textwrap

import pytest

from grader.judge import Broken, Contract
from grader.results import Kind
from grader.world import STEPS, Fault

pytestmark = pytest.mark.asyncio

CALLBACKS = Contract(
    "checkout(services, user_id, on_done, on_error)", services="callbacks", ends_by="callbacks"
)


async def found_in(session_of, source, contract=None, **options):
    """The finding that ends a checkout of one customer."""
    try:
        session = await session_of(source, *([contract] if contract else []), **options)
        operation = await session.begin("checkout", session.world.add())
        await session.drive(operation)
    except Broken as broken:
        return broken.finding
    return pytest.fail(f"nothing was found; the checkout ended with {operation.ends}")


# ---- programs that end


async def test_right_program_pays_once(session_of, right, nursery):
    """Whatever makes the children, a right program walks the four steps and ends with a payment."""
    session = await session_of(right, nursery=nursery)
    customer = session.world.add()

    operation = await session.begin("checkout", customer)
    await session.drive(operation)

    assert session.history.steps(customer.id) == list(STEPS)
    assert [session.value_of(operation)] == session.world.paid
    assert await session.finish() == []


async def test_right_program_pays_where_nobody_may_look(session_of, right, portable):
    """Without a view from outside, patience is enough for a right program."""
    session = await session_of(right, kind=portable)
    customer = session.world.add()

    operation = await session.begin("checkout", customer)
    await session.drive(operation)

    assert session.kernel.guarantees == "portable"
    assert session.history.steps(customer.id) == list(STEPS)
    assert [session.value_of(operation)] == session.world.paid


async def test_each_session_has_a_process_of_its_own(session_of, right):
    """Nothing of one check is left for the next."""
    source = "import builtins\nseen = getattr(builtins, 'seen', 0)\nbuiltins.seen = 1\n" + right

    sessions = [await session_of(source) for _ in range(2)]

    assert [await session.read("seen") for session in sessions] == [0, 0]
    assert sessions[0].child.pid != sessions[1].child.pid


async def test_failure_is_an_end(session_of, right):
    """An error that a service gives comes out of a program that lets it through, with its line."""
    session = await session_of(right)
    customer = session.world.add(fails_at="get_orders")

    operation = await session.begin("checkout", customer)
    await session.drive(operation)

    (end,) = operation.ends
    assert end.how == "error"
    assert end.value.is_a("OrdersUnavailable")
    assert end.value.line == 4


# ---- programs that do not


async def test_program_that_waits_for_nothing_is_stuck(session_of, nursery):
    """A future that nobody settles is found at once, with the line that waits for it."""
    source = """
    import asyncio
    async def checkout(services, user_id):
        await services.get_user_data(user_id)
        await asyncio.get_running_loop().create_future()
    """

    found = await found_in(session_of, source, nursery=nursery)

    assert (found.kind, found.line) == (Kind.STUCK, 5)
    assert "never ends" in found.message


async def test_stuck_program_is_found_where_nobody_may_look(session_of, portable):
    """The loop's own word that it is idle is enough for that."""
    source = """
    import asyncio
    async def checkout(services, user_id):
        await asyncio.Event().wait()
    """

    found = await found_in(session_of, source, kind=portable)

    assert found.kind is Kind.STUCK


async def test_program_that_waits_for_a_silent_service_is_stuck(session_of, right):
    """When all that could be answered is answered, time has no end to wait for."""
    session = await session_of(right)
    operation = await session.begin(
        "checkout", session.world.add(faults={"get_orders": Fault.SILENT})
    )

    with pytest.raises(Broken) as broken:
        await session.drive(operation)

    assert broken.value.finding.kind is Kind.STUCK
    assert broken.value.finding.line == 4


async def test_callbacks_that_lose_the_thread_are_stuck(session_of):
    """A program of callbacks that never tells its caller is stuck, without any task."""
    source = """
    def checkout(services, user_id, on_done, on_error):
        services.get_user_data(user_id, lambda user: None, on_error)
    """

    found = await found_in(session_of, source, CALLBACKS)

    assert found.kind is Kind.STUCK


async def test_sleep_blocks_the_loop(session_of, nursery):
    """A step that sleeps is found while it sleeps, with its line."""
    source = """
    import time
    async def checkout(services, user_id):
        user = await services.get_user_data(user_id)
        time.sleep(3600)
    """

    found = await found_in(session_of, source, nursery=nursery)

    assert (found.kind, found.line) == (Kind.BLOCKING, 5)


async def test_lock_blocks_the_loop(session_of):
    """So is a step that waits for a thread."""
    source = """
    import threading
    async def checkout(services, user_id):
        await services.get_user_data(user_id)
        threading.Event().wait()
    """

    found = await found_in(session_of, source)

    assert (found.kind, found.line) == (Kind.BLOCKING, 5)


async def test_sleep_in_a_synchronous_callback_blocks(session_of):
    """A service that answers before it returns does not excuse what its callback does."""
    source = """
    import time
    def checkout(services, user_id, on_done, on_error):
        services.get_user_data(user_id, lambda user: time.sleep(3600), on_error)
    """
    session = await session_of(source, CALLBACKS)
    customer = session.world.add(faults={"get_user_data": Fault.AT_ONCE})

    with pytest.raises(Broken) as broken:
        await session.begin("checkout", customer)

    assert (broken.value.finding.kind, broken.value.finding.line) == (Kind.BLOCKING, 4)


async def test_endless_computing_blocks_the_loop(session_of, nursery):
    """A step that never comes back is given up long before the budget is spent."""
    source = """
    async def checkout(services, user_id):
        await services.get_user_data(user_id)
        while True:
            pass
    """

    found = await found_in(session_of, source, nursery=nursery)

    assert found.kind is Kind.BLOCKING
    assert found.line in (4, 5)


async def test_polling_without_a_pause_blocks(session_of):
    """A loop that turns and turns and is never idle does no work."""
    source = """
    import asyncio
    async def checkout(services, user_id):
        call = asyncio.ensure_future(services.get_user_data(user_id))
        while not call.done():
            await asyncio.sleep(0)
    """

    found = await found_in(session_of, source)

    assert found.kind is Kind.BLOCKING
    assert "polls" in found.message


async def test_polling_with_a_pause_ends_as_stuck(session_of):
    """A program that looks at the clock for ever does not run the clock for ever."""
    source = """
    import asyncio
    async def checkout(services, user_id):
        while True:
            await asyncio.sleep(1)
    """

    found = await found_in(session_of, source)

    assert found.kind is Kind.STUCK


async def test_leaving_by_the_back_door_is_a_crash(session_of, nursery):
    """A program that ends its process does not end its check."""
    source = """
    import os
    async def checkout(services, user_id):
        await services.get_user_data(user_id)
        os._exit(0)
    """

    found = await found_in(session_of, source, nursery=nursery)

    assert found.kind is Kind.CRASH
    assert "ended its own process" in found.message


async def test_leaving_is_seen_where_nobody_may_look(session_of, portable):
    """The wire tells that the process has gone."""
    source = """
    import os
    async def checkout(services, user_id):
        os._exit(0)
    """

    found = await found_in(session_of, source, kind=portable)

    assert found.kind is Kind.CRASH


@pytest.mark.parametrize("raised", ["SystemExit(0)", "KeyboardInterrupt()", "GeneratorExit()"])
async def test_raising_what_is_no_exception_ends_no_check(session_of, raised):
    """Whatever a checkout raises, it is an end like any other, or a crash; never a pass."""
    source = f"""
    async def checkout(services, user_id):
        await services.get_user_data(user_id)
        raise {raised}
    """
    session = await session_of(source)

    try:
        operation = await session.begin("checkout", session.world.add())
        await session.drive(operation)
        how = operation.ends[0].how
    except Broken as broken:
        how = broken.finding.kind

    assert how in ("error", Kind.CRASH)


# ---- programs that cannot be loaded


async def test_import_that_raises_is_a_crash(session_of, nursery):
    """What the module raises is told, with its line."""
    found = await found_in(session_of, "\nx = 1\nraise RuntimeError('no')\n", nursery=nursery)

    assert (found.kind, found.line) == (Kind.CRASH, 3)
    assert "RuntimeError" in found.message


async def test_import_that_never_ends_is_stopped_at_its_limit(session_of):
    """Computing at import is bounded by the CPU budget, not by a clock on the wall."""
    found = await found_in(session_of, "\nwhile True:\n    pass\n")

    assert found.kind is Kind.LIMIT
    assert "importing" in found.message
    assert found.line in (2, 3)


async def test_import_may_compute_within_the_budget(session_of, right):
    """No limit of a step applies to an import."""
    source = "total = sum(n % 2 for n in range(6_000_000))\n" + right

    session = await session_of(source)

    assert await session.read("total") == 3_000_000


async def test_import_that_leaves_is_a_crash(session_of):
    """A process that ends while it imports is told apart from one that raises."""
    found = await found_in(session_of, "import os\nos._exit(0)\n")

    assert found.kind is Kind.CRASH
    assert "while pipeline.py was imported" in found.message


# ---- what is left


async def test_thread_that_is_left_is_a_leak(session_of):
    """A thread that still runs when all is over is found, even one that hides from threading."""
    source = """
    import _thread, time
    async def checkout(services, user_id):
        _thread.start_new_thread(time.sleep, (3600,))
        return await services.get_user_data(user_id)
    """
    session = await session_of(source)
    operation = await session.begin("checkout", session.world.add())
    await session.drive(operation)

    findings = await session.finish()

    assert [found.kind for found in findings] == [Kind.LEAK]
    assert "1 thread is left" in findings[0].message


async def test_thread_of_the_import_is_no_leak(session_of, right):
    """What a program starts while it is imported is none of what its checkouts start."""
    thread = "import threading; threading.Thread(target=threading.Event().wait).start()\n"
    session = await session_of(thread + textwrap.dedent(right))
    operation = await session.begin("checkout", session.world.add())
    await session.drive(operation)

    assert await session.finish() == []


async def test_threads_that_poll_for_ever_are_stopped(session_of):
    """They compute next to nothing, and never let the process come to rest."""
    source = """
    import threading, time
    def poll():
        while True:
            time.sleep(0.005)
    async def checkout(services, user_id):
        threading.Thread(target=poll, daemon=True).start()
        return await services.get_user_data(user_id)
    """
    session = await session_of(source)

    with pytest.raises(Broken, match="threads poll") as broken:
        await session.begin("checkout", session.world.add())

    assert broken.value.finding.kind is Kind.LIMIT


async def test_thread_that_sleeps_before_it_answers_is_waited_for(session_of):
    """Nothing else can happen, and it will."""
    source = """
    import asyncio, threading, time
    async def checkout(services, user_id):
        loop, slept = asyncio.get_running_loop(), asyncio.Event()
        def nap():
            time.sleep(0.6)
            loop.call_soon_threadsafe(slept.set)
        threading.Thread(target=nap).start()
        await slept.wait()
        return await services.get_user_data(user_id)
    """
    session = await session_of(source)
    operation = await session.begin("checkout", session.world.add())

    await session.drive(operation)

    assert operation.done


async def test_thread_that_ends_by_itself_is_no_leak(session_of):
    """A thread on its way out is waited for."""
    source = """
    import threading
    async def checkout(services, user_id):
        threading.Thread(target=lambda: sum(range(100_000))).start()
        return await services.get_user_data(user_id)
    """
    session = await session_of(source)
    operation = await session.begin("checkout", session.world.add())
    await session.drive(operation)

    assert await session.finish() == []


async def test_task_that_is_left_is_a_leak(session_of):
    """A task that still waits when all is over is found, with its line."""
    source = """
    import asyncio
    async def later():
        await asyncio.sleep(3600)
    async def checkout(services, user_id):
        checkout.kept = asyncio.create_task(later())
        return await services.get_user_data(user_id)
    """
    session = await session_of(source)
    operation = await session.begin("checkout", session.world.add())
    await session.drive(operation)

    (found,) = await session.finish()

    assert (found.kind, found.line) == (Kind.LEAK, 4)


async def test_coroutine_that_is_forgotten_is_told(session_of):
    """A coroutine that nobody awaits is found, with the line that made it."""
    source = """
    async def checkout(services, user_id):
        services.get_orders(None)
        return await services.get_user_data(user_id)
    """
    session = await session_of(source)
    operation = await session.begin("checkout", session.world.add())
    await session.drive(operation)

    (found,) = await session.finish()

    assert (found.kind, found.line) == (Kind.NEVER_AWAITED, 3)


async def test_error_that_reaches_the_loop_is_told(session_of):
    """What nobody caught is found where it was raised."""
    source = """
    import asyncio
    def boom():
        raise RuntimeError("boom")
    async def checkout(services, user_id):
        asyncio.get_running_loop().call_soon(boom)
        return await services.get_user_data(user_id)
    """
    session = await session_of(source)
    operation = await session.begin("checkout", session.world.add())
    await session.drive(operation)

    (found,) = await session.finish()

    assert found.kind is Kind.LOOP_ERROR
    assert "boom" in found.message


async def test_call_with_an_invented_argument_is_refused(session_of):
    """A program that makes up a user gets a TypeError, and the history says so."""
    source = """
    from shop import User
    async def checkout(services, user_id):
        return await services.get_orders(User(user_id, "whoever"))
    """
    session = await session_of(source)
    operation = await session.begin("checkout", session.world.add())

    await session.drive(operation)

    assert operation.ends[0].value.is_a("TypeError")
    assert "misused" in [event.what for event in session.history]


async def test_what_a_program_prints_is_kept(session_of, right):
    """Printing is no crime, and what was printed can be shown."""
    session = await session_of(
        "print('imported')\n" + right.replace("details =", "print('s'); details =")
    )

    operation = await session.begin("checkout", session.world.add())
    await session.drive(operation)
    findings = await session.finish()

    assert findings == []
    assert session.child.output().split() == ["imported", "s"]


async def test_printing_megabytes_is_no_blocking(session_of, right):
    """However much a program prints, nobody has to read it for the program to go on."""
    source = "import sys\nsys.stderr.write('x' * 3_000_000)\n" + right
    session = await session_of(source)

    operation = await session.begin("checkout", session.world.add())
    await session.drive(operation)

    assert operation.ends[0].how == "value"
    assert session.child.output_size() == 3_000_000


async def test_program_that_speaks_of_its_own_code_is_tampering(session_of, right):
    """What was compiled is told before a program runs; from then on the word would be the program's."""
    source = (
        "import os, socket, stat\n"
        "for fd in range(3, 30):\n"
        "    try:\n"
        "        if stat.S_ISSOCK(os.fstat(fd).st_mode):\n"
        """            os.write(fd, b'[{"type": "Compiled", "code": ""}]')\n"""
        "    except OSError:\n"
        "        pass\n"
    )

    with pytest.raises(Broken) as caught:
        await session_of(source + right)

    assert caught.value.finding.kind is Kind.TAMPERING


async def test_code_of_one_child_serves_the_next(session_of, right):
    """The second run of a submission does not compile it again, and does the same."""
    first = await session_of(right)
    second = await session_of(right, code=first.code)

    operation = await second.begin("checkout", second.world.add())
    await second.drive(operation)

    assert second.code == first.code
    assert operation.ends[0].how == "value"
