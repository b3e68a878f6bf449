"""What a learner is told to try when a message quotes an error that is new to him, in the words of this Python."""

import asyncio
import threading

import pytest

from grader.judge import facts
from grader.judge.findings import finding
from grader.judge.unfamiliar import OFF_THE_LOOP, advice, is_loop_in_loop
from grader.protocol.messages import Note
from grader.protocol.values import pack_error
from grader.results import Kind
from grader.verdicts.trials import first_cause_first


async def run_a_loop_inside():
    async def work():
        """Nothing."""

    work = work()
    try:
        asyncio.run(work)
    finally:
        work.close()


async def run_this_loop_again():
    loop = asyncio.get_running_loop()
    loop.run_until_complete(loop.create_future())


async def run_another_loop():
    other = asyncio.new_event_loop()
    try:
        other.run_until_complete(other.create_future())
    finally:
        other.close()


async def settle_from_a_thread():
    loop = asyncio.get_running_loop()
    loop.set_debug(True)
    future, errors = loop.create_future(), []
    future.add_done_callback(lambda _: None)

    def settle():
        try:
            future.set_result(None)
        except RuntimeError as error:
            errors.append(error)

    thread = threading.Thread(target=settle)
    thread.start()
    await asyncio.to_thread(thread.join)
    raise errors[0]


async def ask_for_the_loop_in_a_thread():
    await asyncio.to_thread(asyncio.get_running_loop)


async def wait_for_a_future_of_another_loop():
    other = asyncio.new_event_loop()
    future = other.create_future()
    other.close()
    await future


async def wait_for_a_lock_of_another_loop():
    lock = asyncio.Lock()
    await asyncio.to_thread(asyncio.run, bind(lock))
    await bind(lock)


async def bind(lock):
    """A lock belongs to the loop in which it was waited for."""
    async with lock:
        waiting = asyncio.create_task(lock.acquire())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
        if not waiting.cancelled():
            waiting.result()


async def use_a_coroutine_as_a_value():
    coroutine = asyncio.sleep(0)
    try:
        coroutine[0]
    finally:
        coroutine.close()


async def start_a_process_behind_the_walls():
    raise PermissionError(1, "Operation not permitted")


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        (run_a_loop_inside, "runs already"),
        (run_this_loop_again, "runs already"),
        (run_another_loop, "runs already"),
        (ask_for_the_loop_in_a_thread, "its own thread"),
        (wait_for_a_future_of_another_loop, "another loop"),
        (wait_for_a_lock_of_another_loop, "another loop"),
        (use_a_coroutine_as_a_value, "until it is awaited"),
        (start_a_process_behind_the_walls, "no process"),
    ],
)
def test_the_errors_that_this_python_raises_are_known(mistake, told):
    with pytest.raises((RuntimeError, TypeError, PermissionError)) as raised:
        asyncio.run(mistake())

    assert told in advice(f"checkout(1) gave {raised.value!r}")


def test_another_thread_at_a_future_is_told_in_our_words_and_what_to_do():
    with pytest.raises(RuntimeError) as raised:
        asyncio.run(settle_from_a_thread())
    error = pack_error(raised.value)

    told = facts.noted(Note("thread_died", str(error), error=error))

    assert OFF_THE_LOOP in str(raised.value)
    assert OFF_THE_LOOP not in told
    assert "future.set_result" in finding(Kind.LOOP_ERROR, told).hint


def test_an_error_of_the_learners_own_has_no_advice():
    assert not finding(Kind.BEHAVIOUR, "checkout(1) gave PermissionError('not yours')", 3).hint
    assert not finding(Kind.BEHAVIOUR, "checkout(1) gave KeyError('x')", 3).hint


def test_a_loop_in_the_loop_is_told_before_the_coroutine_that_it_was_given():
    unawaited = finding(Kind.NEVER_AWAITED, "a coroutine was made and never awaited: batch", 9)
    refused = "checkout_many gave RuntimeError('asyncio.run() cannot be called from a running event loop')"
    nested, other = finding(Kind.BEHAVIOUR, refused, 9), finding(Kind.BEHAVIOUR, "wrong", 9)

    assert is_loop_in_loop(refused)
    assert first_cause_first([nested, unawaited]) == [nested, unawaited]
    assert first_cause_first([other, unawaited]) == [unawaited, other]
