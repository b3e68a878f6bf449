"""How a child answers the judge, word by word."""

import os

import pytest

import shop
from grader.protocol.messages import (
    Abandoned,
    Answer,
    Apply,
    AskTasks,
    Awake,
    Call,
    CalledBack,
    Cancel,
    Closed,
    CloseDesk,
    CloseStream,
    Ended,
    Finish,
    Idle,
    Note,
    OpenDesk,
    OpenStream,
    Ping,
    Pong,
    Pull,
    Read,
    Start,
    Started,
    Tasks,
)
from grader.protocol.values import Given, Raised, Record, pack, unpack

pytestmark = pytest.mark.asyncio

CHECKOUT = "async checkout(services, user_id)"
ONE_STEP = """
async def checkout(services, user_id):
    return await services.get_user_data(user_id)
"""


async def test_loop_says_that_it_is_idle(load, talk):
    """After it was loaded, a submission's loop waits for orders, without a timer."""
    load(ONE_STEP, CHECKOUT)

    idle = talk.hear(Idle)

    assert (idle.timer, idle.accepted) == (None, 0)


async def test_delivery_for_another_idleness_is_void(load, talk, idle):
    """An order that answers an idleness which is over is not carried out, and it is not taken."""
    load(ONE_STEP, CHECKOUT)
    now = idle()

    talk.deliver(now + 7, Ping())
    talk.deliver(now - 1, Ping())
    number = talk.deliver(now, Read(1, "__name__"))
    after = talk.hear(Idle)

    assert after.accepted == number
    assert not [message for message in talk.heard if isinstance(message, Pong)]


async def test_void_delivery_does_not_move_the_clock(load, talk, idle):
    """Time passes with an order that is taken, only."""
    load("import asyncio\nasync def checkout(s, u): await asyncio.sleep(5)\n", CHECKOUT)
    now = idle()

    talk.deliver(now + 1, now=99.0)
    talk.deliver(now, Start(1, "checkout", (7,)), now=10.0)
    after = talk.hear(Idle)

    assert after.timer == 15.0


async def test_call_is_told_with_its_line(load, talk, idle):
    """A call names its step, its argument, its thread and the line that made it."""
    loaded = load(ONE_STEP, CHECKOUT)

    talk.deliver(idle(), Start(1, "checkout", (7,), request_id="r-1"))
    call = talk.hear(Call)

    assert (call.step, call.argument, call.line) == ("get_user_data", 7, 3)
    assert (call.request_id, call.thread, call.waits) == ("r-1", loaded.loop, False)


async def test_answer_ends_the_operation(load, talk, idle):
    """The answer goes to the call that it names, and the value comes back."""
    load(ONE_STEP, CHECKOUT)
    user = shop.User(7, "Ada")

    talk.deliver(idle(), Start(1, "checkout", (7,)))
    call = talk.hear(Call)
    talk.deliver(2, Answer(call.call, "done", pack(user)))
    ended = talk.hear(Ended)

    assert (ended.operation, ended.how, unpack(ended.value)) == (1, "value", user)


async def test_error_goes_to_the_call(load, talk, idle):
    """A service's error is raised at its await, as the shop's own class."""
    load(
        "from shop import UserNotFound\n"
        "async def checkout(services, user_id):\n"
        "    try:\n        await services.get_user_data(user_id)\n"
        "    except UserNotFound:\n        return 'caught'\n",
        CHECKOUT,
    )

    talk.deliver(idle(), Start(1, "checkout", (7,)))
    call = talk.hear(Call)
    talk.deliver(2, Answer(call.call, "error", Raised("UserNotFound", "no")))

    assert talk.hear(Ended).value == "caught"


async def test_cancel_ends_the_operation(load, talk, idle):
    """A cancelled operation ends as cancelled."""
    load(ONE_STEP, CHECKOUT)

    talk.deliver(idle(), Start(1, "checkout", (7,)))
    talk.hear(Call)
    talk.deliver(2, Cancel(1))

    assert talk.hear(Ended).how == "cancelled"


async def test_end_is_told_when_the_callers_next_line_runs(load, talk, idle):
    """A call that is only then cancelled is abandoned after the end, not before it."""
    load(
        "import asyncio\n"
        "async def checkout(services, user_id):\n"
        "    task = asyncio.create_task(services.get_user_data(user_id))\n"
        "    await asyncio.sleep(0)\n"
        "    task.cancel()\n"
        "    raise TimeoutError\n",
        CHECKOUT,
    )

    talk.deliver(idle(), Start(1, "checkout", (7,)))
    talk.hear(Ended)

    assert not [message for message in talk.heard if isinstance(message, Abandoned)]
    talk.hear(Abandoned)


async def test_caller_who_goes_on_says_that_he_was_disturbed(load, talk, idle):
    """Whoever cancels his task when the call is over is told on."""
    load(
        "import asyncio\n"
        "async def checkout(services, user_id):\n"
        "    asyncio.get_running_loop().call_later(1.0, asyncio.current_task().cancel)\n",
        CHECKOUT,
    )

    talk.deliver(idle(), Start(1, "checkout", (7,), goes_on=5.0))
    ended = talk.hear(Ended)
    timer = talk.hear(Idle)
    talk.deliver(timer.number, now=timer.timer)

    assert ended.how == "value"
    assert talk.hear(Note).kind == "disturbed"


async def test_caller_who_goes_on_is_no_task_of_the_submissions(load, talk, idle):
    """Neither while it runs nor when all is over."""
    load("async def checkout(services, user_id): pass\n", CHECKOUT)

    talk.deliver(idle(), Start(1, "checkout", (7,), goes_on=5.0))
    talk.deliver(idle(), AskTasks())
    tasks = talk.hear(Tasks).tasks
    talk.deliver(idle(), Finish())
    talk.hear(Closed)

    assert tasks == ()
    assert not [message for message in talk.heard if isinstance(message, Note)]


async def test_each_desk_has_an_sdk_with_a_limit_of_its_own(load, talk, idle):
    """What is told of the second desk is not what was told of the first."""
    load(
        "class Desk:\n"
        "    def __init__(self, services, sdk): self.sdk = sdk\n"
        "    async def __aenter__(self): return self\n"
        "    async def __aexit__(self, *exc_info): pass\n"
        "    async def limit(self, user_id): return self.sdk.max_parallel\n",
        "async limit(user_id)",
        desk="Desk(services, sdk)",
        max_parallel=1,
    )
    limits = []

    for number, limit in ((1, 2), (4, 5)):
        talk.deliver(idle(), OpenDesk(number, limit))
        talk.deliver(idle(), Start(number + 1, "limit", (7,)))
        while (ended := talk.hear(Ended)).operation != number + 1:
            pass
        limits.append(ended.value)
        talk.deliver(idle(), CloseDesk(number + 2))

    assert limits == [2, 5]


async def test_desk_that_is_left_by_an_exception_ends_with_it(load, talk, idle):
    """What the body raises comes out of the `async with`."""
    load(
        "class Desk:\n"
        "    def __init__(self, services, sdk): pass\n"
        "    async def __aenter__(self): return self\n"
        "    async def __aexit__(self, *exc_info): pass\n"
        "    async def checkout(self, user_id): pass\n",
        "async checkout(user_id)",
        desk="Desk(services, sdk)",
        max_parallel=1,
    )

    talk.deliver(idle(), OpenDesk(1, 1))
    talk.deliver(idle(), CloseDesk(2, raises=True))
    while (ended := talk.hear(Ended)).operation != 2:
        pass

    assert (ended.how, ended.value.name) == ("error", "CallersBug")


async def test_tasks_say_where_they_wait(load, talk, idle):
    """Each task that is not done is told with its function and line."""
    load(ONE_STEP, CHECKOUT)

    talk.deliver(idle(), Start(1, "checkout", (7,)))
    talk.hear(Call)
    talk.deliver(2, AskTasks())
    (task,) = talk.hear(Tasks).tasks

    assert (task.name, task.line) == ("checkout", 3)


async def test_what_is_no_future_is_told_by_its_type(load, talk, idle):
    """Where a future is asked for, anything else is an end of its own."""
    load("def checkout(services, user_id): return 7\n", CHECKOUT, ends_by="future")

    talk.deliver(idle(), Start(1, "checkout", (7,)))
    started = talk.hear(Started)

    assert started.how == "int"


async def test_batch_gets_a_one_shot_iterator(load, talk, idle):
    """An iterable is promised, and no list."""
    load("def checkout(services, ids): return iter(ids) is ids\n", "checkout(services, ids)")

    talk.deliver(idle(), Start(1, "checkout", (pack([1, 2]),)))

    assert talk.hear(Ended).value is True


async def test_prompt_service_waits_for_the_judges_word(load, talk, idle):
    """A service that may answer at once calls back before its call returns, or with an empty word later."""
    load(
        "seen = []\n"
        "def checkout(services, user_id, on_done, on_error):\n"
        "    services.get_user_data(user_id, seen.append, on_error)\n"
        "    seen.append('returned')\n",
        "checkout(services, user_id, on_done, on_error)",
        services="callbacks",
        ends_by="callbacks",
    )

    talk.deliver(idle(), Start(1, "checkout", (7,), prompt=True))
    call = talk.hear(Call)
    talk.say(Answer(call.call, "done", 7))
    talk.hear(Idle)
    talk.deliver(2, Read(2, "seen"))

    assert call.waits
    assert unpack(talk.hear(Ended).value) == [7, "returned"]


async def test_thread_that_wakes_the_loop_withdraws_its_idleness(load, talk, idle):
    """The judge hears of it before it could rely on the idleness."""
    load(
        "import asyncio, threading\n"
        "go = threading.Event()\n"
        "async def checkout(services, user_id):\n"
        "    loop, woken = asyncio.get_running_loop(), asyncio.Event()\n"
        "    def wake():\n"
        "        services_called.wait()\n"
        "        loop.call_soon_threadsafe(woken.set)\n"
        "    services_called = threading.Event()\n"
        "    threading.Timer(0.02, services_called.set).start()\n"
        "    threading.Thread(target=wake).start()\n"
        "    await woken.wait()\n",
        CHECKOUT,
    )

    talk.deliver(idle(), Start(1, "checkout", (7,)))
    talk.hear(Idle)
    talk.hear(Awake)

    assert talk.hear(Ended).how == "value"


async def test_finish_closes_the_loop(load, talk, idle):
    """The last word says that the loop is closed, and which threads it knows of."""
    load(ONE_STEP, CHECKOUT)

    talk.deliver(idle(), Finish())

    assert talk.hear(Closed) == Closed(())


async def test_records_can_be_read(load, talk, idle):
    """A constant of the module crosses like any value; one that is not defined is None."""
    load("import shop\nuser = shop.User(1, 'Ada')\n" + ONE_STEP, CHECKOUT)

    talk.deliver(idle(), Read(1, "user"), Read(2, "nobody"))
    first = talk.hear(Ended)

    assert first in (Ended(1, "value", Record("User", {"id": 1, "name": "Ada"})), Ended(2, "value"))


# ---- what the child has, and leaves


async def test_environment_is_empty(load, talk, idle):
    """Nothing of the judge's environment reaches a submission, neither names nor input."""
    load(
        "import os, sys\nnames = sorted(os.environ)\nread = sys.stdin.read()\n" + ONE_STEP, CHECKOUT
    )

    talk.deliver(idle(), Read(1, "names"))
    names = unpack(talk.hear(Ended).value)

    assert not set(names) - {"PATH", "LC_ALL", "LC_CTYPE"}


async def test_grader_is_out_of_reach_by_import_path(load, talk, idle):
    """Only what is installed can be imported; the folder that a grading was called from cannot."""
    load("import sys\nhere = '' in sys.path or '.' in sys.path\n" + ONE_STEP, CHECKOUT)

    talk.deliver(idle(), Read(1, "here"))

    assert talk.hear(Ended).value is False


async def test_child_that_is_ended_leaves_nobody(bare_nursery, write_program, ended):
    """Ending a child ends the processes that it started, as far as it could start any."""
    source = (
        "import os\n"
        "try:\n"
        "    if os.fork() == 0:\n"
        "        os.setsid()\n"
        "        import time\n"
        "        time.sleep(3600)\n"
        "except OSError:\n"
        "    pass\n"
    )
    from grader.judge import Contract
    from grader.protocol.messages import Loaded
    from grader.protocol.wire import decode_for_judge, frames

    child = await bare_nursery.child()
    contract = Contract(CHECKOUT, services="coroutines")
    path = write_program(source + ONE_STEP)
    child.give(path)
    for frame in frames([contract.load(path.name)]):
        child.wire.send(frame)
    child.wire.receive()  # what it has compiled
    (loaded, *_) = decode_for_judge(child.wire.receive().data)
    other_end = child.wire.socket.dup()

    await bare_nursery.end(child)
    await ended(other_end)

    assert isinstance(loaded, Loaded)
    with pytest.raises(ProcessLookupError):
        os.kill(child.pid, 0)
    other_end.close()


async def test_functions_are_applied_to_what_only_the_child_has(load, talk, idle):
    """What a function gives is asked in turn; that it has returned, and that it calls back, is told in order."""
    source = """
def always_later(call_soon, fn):
    return lambda on_done, on_error: call_soon(on_done, fn.args[0]) and None
"""
    load(source, "always_later(call_soon, fn)", services="callbacks", ends_by="callbacks")
    given = (Given("call_soon"), Given("get_user_data", (7,)))

    talk.deliver(idle(), Apply(1, "always_later", given, (2, 3)))
    talk.hear(Idle)

    told = [(type(m), m.operation) for m in talk.heard if isinstance(m, Started | CalledBack)]
    asked = [(Started, 2), (Started, 3), (CalledBack, 2), (CalledBack, 3)]
    assert told == [(Started, 1), *asked]
    assert {m.value for m in talk.heard if isinstance(m, CalledBack)} == {7}


async def test_a_stream_is_pulled_and_closed_by_one_task(load, talk, idle):
    """What it gives, that it is over, and that it is closed, each ends an operation; the task is nobody's leak."""
    source = """
import asyncio
async def stream(services, ids, limit):
    mine = asyncio.current_task()
    async for user_id in ids:
        yield user_id * limit
        assert asyncio.current_task() is mine
"""
    load(source, "stream(services, ids, limit)")
    talk.deliver(idle(), OpenStream(1, "stream", 0, 2))
    for operation, answer in ((2, 21), (3, None)):
        talk.deliver(idle(), Pull(operation, 1))
        call = talk.hear(Call)
        talk.deliver(idle(), Answer(call.call, "done", answer))
    talk.deliver(idle(), CloseStream(4, 1))
    talk.deliver(idle(), AskTasks())
    tasks = talk.hear(Tasks)
    talk.deliver(idle(), Finish())
    talk.hear(Closed)

    ends = {m.operation: m for m in talk.heard if isinstance(m, Ended)}
    assert ends[2].value == 42
    assert ends[3].value.is_a("StopAsyncIteration")
    assert ends[4] == Ended(4, "value", None)
    assert not tasks.tasks
    assert not [m for m in talk.heard if isinstance(m, Note)]


@pytest.mark.parametrize(
    ("closing", "order"),
    [
        ("reading.cancel()", [Ended, Abandoned]),
        ("reading.cancel(); await asyncio.wait([reading])", [Abandoned, Ended]),
    ],
    ids=["at once", "waits"],
)
async def test_a_call_of_a_stream_takes_its_time_to_part(load, talk, idle, closing, order):
    """Whoever cancels the reading of an id, and closes without waiting, has left it open."""
    source = f"""
import asyncio
async def stream(services, ids, limit):
    reading = asyncio.ensure_future(anext(ids))
    try:
        yield 1
    finally:
        {closing}
"""
    load(source, "stream(services, ids, limit)")
    talk.deliver(idle(), OpenStream(1, "stream", 0, 2))
    talk.deliver(idle(), Pull(2, 1))
    talk.hear(Call)
    talk.deliver(idle(), CloseStream(3, 1))
    talk.hear(Idle)

    told = [m for m in talk.heard if isinstance(m, Ended | Abandoned)]
    assert [type(m) for m in told[-2:]] == order
