"""The detector on a loop of our own, as the grader's child uses it."""

# ruff: noqa: ASYNC110, ASYNC222, ASYNC251 - what the detector is to find blocks for real

import asyncio
import ctypes
import gc
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from grader.blocking import Cause, Detector, Guarantees, Unobservable

pytestmark = pytest.mark.realtime


class JudgedLoop(asyncio.SelectorEventLoop):
    """A loop with a clock of its own, as a judge has it."""

    now = 0.0

    def time(self):
        return self.now


def observe(program, *, loop=None, debug=False, **options):
    """Run a coroutine function on a fresh loop under a fresh detector; its report."""
    loop = loop or asyncio.new_event_loop()
    loop.set_debug(debug)
    detector = Detector(**options)
    detector.start(loop)
    try:
        loop.run_until_complete(program())
    finally:
        report = detector.stop()
        loop.close()
    return report


def nap():
    time.sleep(0.06)


def crunch(seconds=0.06):
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_a_judged_loop_in_debug_mode_is_observed():
    """Virtual time, debug mode, and a callback named by who scheduled it."""

    async def program():
        asyncio.get_running_loop().call_soon(time.sleep, 0.06)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    report = observe(program, loop=JudgedLoop(), debug=True)

    assert [found.file for found in report.blocked] == [__file__]
    assert report.blocked[0].line == program.__code__.co_firstlineno + 1
    assert report.intact


def test_findings_are_laid_at_the_files_the_caller_names():
    """What the caller does not call the program's is passed over for the line that called it."""

    async def program():
        nap()

    report = observe(program, is_user=lambda file: file == "nobody's")

    assert all(found.file != "nobody's" for found in report.blocked)
    assert report.blocked


def test_an_excused_stretch_is_not_counted():
    async def program():
        with detector.excused():
            nap()
            time.sleep(0.001)

    loop = asyncio.new_event_loop()
    detector = Detector()
    detector.start(loop)
    loop.run_until_complete(program())
    report = detector.stop()
    loop.close()

    assert report.blocked == ()


def test_steps_within_one_callback_are_told_apart():
    """A scheduler that runs many tasks in one turn of the loop does not add up what each of them computes."""

    async def program():
        for _ in range(10):
            crunch(0.006)
            detector.next_step()

    loop = asyncio.new_event_loop()
    detector = Detector()
    detector.start(loop)
    loop.run_until_complete(program())
    report = detector.stop()
    loop.close()

    assert report.blocked == ()


def test_next_step_is_nothing_where_nobody_watches():
    """Whoever says it need not ask."""
    Detector().next_step()


def test_the_detector_starts_no_thread_while_the_loop_is_alone():
    async def program():
        crunch(0.03)
        alone.append(detector.watchdog_id)
        await asyncio.to_thread(int)
        alone.append(detector.watchdog_id)

    alone = []
    loop = asyncio.new_event_loop()
    detector = Detector(threadless=True)
    detector.start(loop)
    loop.run_until_complete(program())
    threads = threading.enumerate()
    detector.stop()
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()

    assert alone[0] is None
    assert alone[1]
    assert alone[1] not in [thread.native_id for thread in threads]


def test_nothing_is_left_behind():
    """Neither a thread, nor a patch, nor a descriptor."""

    async def program():
        await asyncio.to_thread(time.sleep, 0.03)

    def possessions():
        return (
            sorted(file.name for file in Path("/proc/self/fd").iterdir()),
            threading.active_count(),
            time.sleep,
            threading.Thread.join,
            signal.signal,
            list(gc.callbacks),
        )

    async def quiet():
        await asyncio.sleep(0)

    observe(quiet)
    loop = asyncio.new_event_loop()
    before = possessions()
    detector = Detector()
    detector.start(loop)
    loop.run_until_complete(program())
    loop.run_until_complete(loop.shutdown_default_executor())
    detector.stop()
    after = possessions()
    loop.close()

    assert after == before


def test_it_starts_after_a_fork():
    """As in the grader: a warm process forks, and the copy starts the detector."""
    reading, writing = os.pipe()
    ready = Detector()
    ready.prepare()

    child = os.fork()
    if not child:

        async def program():
            nap()

        loop = asyncio.new_event_loop()
        ready.start(loop)
        loop.run_until_complete(program())
        report = ready.stop()
        os.write(writing, b",".join(str(found.call).encode() for found in report.blocked))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as said:
        answer = said.read()
    os.waitpid(child, 0)
    ready._guards.remove()
    ready._patches.remove()

    assert answer == b"time.sleep"


def test_a_forked_copy_is_silent():
    """What a process that the program forks does is not the loop's business."""

    async def program():
        child = os.fork()
        if not child:
            time.sleep(0.001)
            os._exit(len(detector.report().blocked))
        await asyncio.sleep(0.05)
        codes.append(os.waitpid(child, os.WNOHANG)[1])

    codes = []
    loop = asyncio.new_event_loop()
    detector = Detector()
    detector.start(loop)
    loop.run_until_complete(program())
    report = detector.stop()
    loop.close()

    assert (codes, report.blocked) == ([0], ())


def test_replacing_the_ready_queue_is_noticed():
    """A watch that was ended by the program is not a clean one."""

    async def program():
        loop = asyncio.get_running_loop()
        loop._ready = type(loop._ready).__mro__[1](loop._ready)
        nap()

    assert not observe(program).intact


def test_a_loop_that_never_ran_is_not_a_clean_one():
    loop = asyncio.new_event_loop()
    detector = Detector()
    detector.start(loop)
    report = detector.stop()
    loop.close()

    assert not report.intact


def test_a_loop_of_another_make_is_refused():
    class Other(asyncio.AbstractEventLoop):
        pass

    with pytest.raises(Unobservable, match="Other"):
        Detector().start(Other())


def test_signals_masked_by_the_program_leave_ours_open():
    async def program():
        before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        crunch()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

    report = observe(program)

    assert [found.cause for found in report.blocked] == [Cause.COMPUTES]
    assert report.blocked[0].line in range(
        crunch.__code__.co_firstlineno, nap.__code__.co_firstlineno + 9
    )


def test_a_handler_is_given_back_as_it_was_set():
    """Who asks for the handler gets their own, not ours."""

    def handler(number, frame):
        pass

    async def program():
        old = signal.signal(signal.SIGUSR2, handler)
        seen.append(signal.getsignal(signal.SIGUSR2))
        seen.append(signal.signal(signal.SIGUSR2, old))

    seen = []
    observe(program)

    assert seen == [handler, handler]


def test_a_large_collection_is_named():
    """The line that happened to set it off is named with the collector, not with its own call."""

    async def program():
        rings = []
        gc.disable()
        while True:
            for _ in range(200_000):
                ring = []
                ring.append(ring)
                rings.append(ring)
            began = time.thread_time()
            gc.collect()
            if time.thread_time() - began > 0.08:
                break
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        gc.collect()
        gc.enable()

    report = observe(program)

    assert any(found.call == "gc.collect" and "gc.freeze" in found.hint for found in report.blocked)


def test_a_worker_that_holds_the_gil_is_not_blamed_on_the_loop():
    """A long call in C in another thread is no line of the loop's."""

    async def program():
        worker = asyncio.to_thread(ctypes.PyDLL(None).usleep, 80_000)
        task = asyncio.create_task(worker)
        while not task.done():
            await asyncio.sleep(0.001)

    assert observe(program).blocked == ()


def test_a_sleep_that_keeps_the_gil_is():
    async def program():
        ctypes.PyDLL(None).usleep(80_000)

    assert [found.cause for found in observe(program).blocked] == [Cause.WAITS]


def test_a_program_may_replace_what_we_guard():
    """An honest program's own clock is left in place when we go."""

    async def program():
        time.sleep = mine

    def mine(seconds):
        pass

    real = time.sleep
    report = observe(program)
    left, time.sleep = time.sleep, real

    assert (left, report.blocked) == (mine, ())


def test_the_portable_way_says_so():
    async def program():
        crunch()

    report = observe(program, portable=True)

    assert report.guarantees is Guarantees.PORTABLE
    assert report.blocked or report.inconclusive


def test_where_the_kernel_keeps_the_gil_is_known():
    """A thread that waits for the GIL, which we hold, is seen in a futex inside the runtime."""
    from grader.blocking.ledger import Where
    from grader.blocking.whereabouts import Whereabouts, find_runtime

    def want_the_gil():
        there.append(Whereabouts(find_runtime()))
        while not done:
            time.sleep(0)

    there, done = [], []
    thread = threading.Thread(target=want_the_gil)
    thread.start()
    while not there:
        time.sleep(0)
    seen = set()
    while Where.GIL not in seen:
        ctypes.PyDLL(None).usleep(300)
        seen.add(there[0].look())
        time.sleep(0)
    done.append(True)
    thread.join()
    there[0].close()

    assert Where.GIL in seen
