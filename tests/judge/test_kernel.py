"""What the kernel says of processes of our own, whose states we know because they told us, or cannot change."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.judge.kernel import LinuxKernel, PortableKernel, Rest, Step, kernel_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

PREAMBLE = """
import os, sys, threading, time
def tell(word=b"."): os.write(1, word)
def wait(): os.read(0, 1)
def compute(seconds):
    until = time.thread_time() + seconds
    while time.thread_time() < until: pass
def beside(work, *args):
    thread = threading.Thread(target=work, args=args, daemon=True)
    thread.start()
    return thread
"""


class Process:
    """A program of the test's own that tells what it is about to do, and waits to be let go on."""

    def __init__(self, program):
        self.popen = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", PREAMBLE + program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        self.pid = self.popen.pid

    def hear(self):
        """Wait for its word."""
        word = self.popen.stdout.read(1)
        assert word, "the process has ended"
        return word

    def let_go(self):
        """Let it go on from its `wait()`."""
        self.popen.stdin.write(b".")

    def end(self):
        self.popen.kill()
        self.popen.wait()
        self.popen.stdin.close()
        self.popen.stdout.close()


@pytest.fixture
def run():
    """Starts a program, and looks at it from outside once it has told its first word."""
    started = []

    def run(program, *, careful=False):
        process = Process(program)
        started.append((process, None))
        process.hear()
        kernel = kernel_of(process.pid, careful=careful)
        started[-1] = process, kernel
        return process, kernel

    yield run
    for process, kernel in started:
        if kernel is not None:
            kernel.close()
        process.end()


def at_rest(kernel):
    """What is seen once nothing runs any more; only for a process that comes to rest."""
    while (rest := kernel.look()) is Rest.RUNNING:
        pass
    return rest


# ---- at rest


def test_process_that_waits_for_us_is_asleep(run):
    """A thread that waits for a word of ours sleeps until we give it, and then it moves."""
    process, kernel = run("tell(); wait(); tell(b'!'); wait()")

    rest = at_rest(kernel)
    process.let_go()

    assert rest is Rest.ASLEEP
    assert process.hear() == b"!"
    assert at_rest(kernel) is Rest.ASLEEP


def test_computing_process_is_never_at_rest(run):
    """However often one looks, and however busy the machine is, a thread that computes runs."""
    _, kernel = run("beside(compute, 3600); tell(); wait()")

    rests = {kernel.look() for _ in range(300)}

    assert rests == {Rest.RUNNING}


def test_lock_without_a_limit_is_asleep(run):
    """A thread that waits for a lock moves only when somebody releases it."""
    program = """
lock = threading.Lock()
lock.acquire()
def work():
    tell()
    with lock: tell(b"!")
beside(work)
wait()
lock.release()
wait()
"""
    process, kernel = run(program)

    rest = at_rest(kernel)
    process.let_go()

    assert rest is Rest.ASLEEP
    assert process.hear() == b"!"


@pytest.mark.parametrize(
    "waiting",
    [
        "lock.acquire(timeout=3600)",
        "time.sleep(3600)",
        "threading.Event().wait(3600)",
        "__import__('select').select([0], [], [], 3600)",
        "epoll.poll(3600)",
        "__import__('queue').SimpleQueue().get(timeout=3600)",
    ],
)
def test_thread_that_wakes_by_itself_is_told_apart(run, waiting):
    """A thread that sleeps until a time moves though nobody acts."""
    program = f"""
import select, queue
lock = threading.Lock()
lock.acquire()
epoll = select.epoll()
def work():
    tell()
    {waiting}
beside(work)
wait()
"""
    _, kernel = run(program)

    assert at_rest(kernel) is Rest.TIMED


def test_selector_without_a_limit_is_asleep(run):
    """A loop beside the loop's thread that waits for events only is at rest."""
    _, kernel = run("""
import select
epoll = select.epoll()
def work():
    tell()
    epoll.poll()
beside(work)
wait()
""")

    assert at_rest(kernel) is Rest.ASLEEP


def test_loops_own_timer_is_no_matter(run):
    """The loop's thread says itself until when it sleeps; it is not asked again."""
    _, kernel = run("tell(); time.sleep(3600)")

    assert at_rest(kernel) is Rest.ASLEEP


def test_threads_are_counted(run):
    """Threads are counted from outside, whatever the process says of itself."""
    process, kernel = run("[beside(wait) for _ in range(3)]; tell(); threading.Event().wait()")

    beside = kernel.threads()
    process.end()

    assert beside == 4
    assert kernel.threads() == 0


def test_only_thread_rests_alone(run):
    """With one thread more, the loop's word that it is idle is not enough."""
    process, kernel = run("tell(); wait(); beside(time.sleep, 3600); tell(); wait()")

    before = kernel.loop_rests_alone()
    process.let_go()
    process.hear()

    assert before
    assert not kernel.loop_rests_alone()


def test_thread_that_ended_is_forgotten(run):
    """A thread that was looked at and ends does not spoil the next look."""
    process, kernel = run("t = beside(wait); tell(); t.join(); tell(); wait()")
    at_rest(kernel)

    process.let_go()
    process.hear()

    assert at_rest(kernel) is Rest.ASLEEP
    assert kernel.threads() == 1


# ---- the books of a step


def step_of(process, kernel):
    """One step: from letting it go on to its next word, and to the sleep that follows it."""
    at_rest(kernel)
    kernel.end_step(0)  # of whatever came before
    kernel.begin_step()
    process.let_go()
    process.hear()
    at_rest(kernel)
    return kernel.end_step(0)


def test_sleep_is_written_into_the_books(run):
    """What was slept within a step is slept at least as long."""
    process, kernel = run("tell(); wait(); time.sleep(0.05); tell(); wait()", careful=True)

    step = step_of(process, kernel)

    assert step.slept > 0.045
    assert step.computed < step.slept


def test_computing_is_written_into_the_books(run):
    """Computing is computing, and no sleep, even if the thread waits for a CPU most of the time."""
    process, kernel = run("tell(); wait(); compute(0.06); tell(); wait()", careful=True)

    step = step_of(process, kernel)

    assert step.computed > 0.055
    assert step.slept == 0.0


def test_books_of_each_step_begin_anew(run):
    """What one step computed is not the next one's."""
    process, kernel = run(
        "tell(); wait(); compute(0.06); tell(); wait(); tell(); wait()", careful=True
    )

    first, second = step_of(process, kernel), step_of(process, kernel)

    assert second.computed < first.computed / 2
    assert second.slept == 0.0


def test_waiting_for_our_word_is_excused(run):
    """A sleep within a step in which the thread waited for the judge is not its own."""
    process, kernel = run("tell(); wait(); tell(b'?'); wait(); tell(); wait()", careful=True)
    at_rest(kernel)
    kernel.begin_step()
    process.let_go()
    process.hear()
    asked = time.time_ns()
    at_rest(kernel)

    kernel.excuse(asked)
    process.let_go()
    process.hear()
    at_rest(kernel)
    step = kernel.end_step(0)

    assert step.slept == 0.0


def test_step_in_progress_can_be_watched(run):
    """What a step has computed so far grows while it computes."""
    process, kernel = run("tell(); wait(); compute(3600)")
    kernel.begin_step()
    process.let_go()

    while kernel.step_computed() < 0.02:
        pass
    before = kernel.step_computed()
    while kernel.step_computed() == before:
        pass

    assert kernel.step_computed() > before


def test_sleep_in_progress_is_unbroken(run):
    """A sleep is seen to last until the thread moves; then it is another one."""
    process, kernel = run("tell(); wait(); tell(); wait()")
    at_rest(kernel)

    kernel.loop_sleeping_since()  # from the first look on
    first, second = kernel.loop_sleeping_since(), kernel.loop_sleeping_since()
    process.let_go()
    process.hear()
    at_rest(kernel)
    anew = kernel.loop_sleeping_since()

    assert 0 < first < second
    assert anew < second


def test_loop_in_its_selector_is_not_elsewhere(run):
    """A sleep in a selector is what a loop is for; one in any other call is not."""
    process, kernel = run("s = __import__('select').epoll(); tell(); s.poll(0.2); tell(); wait()")

    at_rest(kernel)
    in_selector = kernel.loop_is_elsewhere()
    process.hear()
    at_rest(kernel)

    assert not in_selector
    assert kernel.loop_is_elsewhere()


def test_thread_that_polls_wakes_often(run):
    """Whoever sleeps by himself is counted, each time."""
    process, kernel = run("tell(); wait(); [time.sleep(0.001) for _ in range(30)]; tell(); wait()")

    before = kernel.wakes()
    process.let_go()
    process.hear()

    assert kernel.wakes() - before >= 30


def test_ended_threads_computed_too(run):
    """The budget counts what threads computed that are gone."""
    process, kernel = run("tell(); wait(); beside(compute, 0.2).join(); tell(); wait()")

    before = kernel.total_computed()
    process.let_go()
    process.hear()

    while kernel.threads() > 1:
        pass
    assert kernel.total_computed() - before > 0.15


# ---- where nobody may look


def test_process_that_is_not_there_is_seen_by_nobody():
    """Where the accounts cannot be read, the portable view stands in, and says so."""
    process = Process("")
    process.end()

    kernel = kernel_of(process.pid)

    assert isinstance(kernel, PortableKernel)
    assert kernel.guarantees == "portable"


def test_our_own_process_is_seen():
    """On this machine there is a kernel that tells."""
    kernel = kernel_of(os.getpid())

    guarantees = kernel.guarantees
    kernel.close()

    assert isinstance(kernel, LinuxKernel)
    assert guarantees == "linux"


def test_portable_view_accuses_nobody():
    """It knows nothing, so it never says that a program rests, sleeps or computes."""
    kernel = PortableKernel()

    kernel.begin_step()
    kernel.excuse(1)
    step = kernel.end_step(0)

    assert step == Step(0.0, 0.0, 0.0)
    assert kernel.look() is Rest.UNKNOWN
    assert not kernel.loop_rests_alone()
    assert (kernel.step_computed(), kernel.loop_sleeping_since(), kernel.total_computed()) == (
        0,
        0,
        0,
    )
    kernel.close()


def test_whoever_was_kept_from_looking_counts_no_sleep(run):
    """A machine that stood still for seconds makes no sleeper of a thread; only looks do."""
    process, _ = run("tell(); wait()")
    now = iter([0.0, 5.0, 5.005, 5.010])
    kernel = LinuxKernel(process.pid, clock=lambda: next(now))
    at_rest(kernel)

    seen = [kernel.loop_sleeping_since() for _ in range(4)]

    assert seen == pytest.approx([0.0, 0.008, 0.013, 0.018])
    kernel.close()


def test_closing_leaves_no_file_open(run):
    """All that was opened to look at a process and its threads is closed."""
    files = Path("/proc/self/fd")
    process, _ = run("[beside(wait) for _ in range(3)]; tell(); threading.Event().wait()")
    before = len(list(files.iterdir()))

    kernel = LinuxKernel(process.pid)
    at_rest(kernel)
    during = len(list(files.iterdir()))
    kernel.close()

    assert during > before
    assert len(list(files.iterdir())) == before
