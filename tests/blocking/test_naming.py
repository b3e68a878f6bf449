"""The call on a line, written in full, and the hint that goes with it."""

import pytest

from grader.blocking.hints import hint_for
from grader.blocking.naming import call_at, spins
from grader.blocking.sources import is_user_file
from grader.blocking.stacks import Frame

PROGRAM = """
import time
from time import sleep as nap
import subprocess as sp

def work(n, lock):
    time.sleep(1)
    nap(1)
    sp.run(["true"])
    with lock:
        pass
    total = sum(range(n))
    n * n
    Client().get("x")
"""


@pytest.fixture
def program(tmp_path):
    file = tmp_path / "program.py"
    file.write_text(PROGRAM)
    return str(file)


@pytest.mark.parametrize(
    ("line", "call"),
    [
        (7, "time.sleep"),
        (8, "time.sleep"),
        (9, "subprocess.run"),
        (10, None),
        (12, "sum"),
        (13, None),
        (14, "get"),
    ],
)
def test_a_call_in_c_is_read_from_the_source(program, line, call):
    """Aliases are resolved; a line without a call has none."""
    assert call_at((Frame(program, line, "work"),), is_user_file) == call


def test_a_call_that_the_source_does_not_write_is_named_by_its_frame(program):
    """What a `with` enters is known from the stack only."""
    inner = Frame("/usr/lib/python3.11/site-packages/pool.py", 5, "take")

    assert call_at((inner, Frame(program, 10, "work")), is_user_file) == "pool.take"


def test_without_a_line_of_the_program_there_is_no_call():
    assert call_at((Frame("<frozen importlib>", 1, "f"),), is_user_file) is None


@pytest.mark.parametrize(
    ("call", "replacement"),
    [
        ("time.sleep", "asyncio.sleep"),
        ("sock.recv", "loop.sock_recv"),
        ("subprocess.run", "asyncio.create_subprocess_exec"),
        ("concurrent.futures.Future.result", "asyncio.wrap_future"),
        ("requests.get", "async client"),
        ("os.system", "asyncio.create_subprocess_exec"),
        ("sqlite3.connect", "asyncio.to_thread"),
        (None, "asyncio.to_thread"),
    ],
)
def test_a_hint_names_the_replacement(call, replacement):
    assert replacement in hint_for(call, computes=False)


def test_computing_is_told_to_take_smaller_steps():
    assert "checkpoint" in hint_for("sum", computes=True)


SPIN = """
import time
from time import monotonic as now

def by_clock(deadline):
    while now() < deadline:
        pass
    for _ in range(10):
        pass

def by_work(end):
    while time.thread_time() < end:
        pass

async def by_loop(loop, end):
    while loop.time() < end:
        pass
"""


@pytest.mark.parametrize(
    ("line", "spinning"), [(6, True), (7, True), (9, False), (12, False), (13, False), (17, True)]
)
def test_a_spin_looks_at_a_clock_of_the_wall(tmp_path, line, spinning):
    """Time of the CPU is not the clock's: it stands still while the machine is busy elsewhere."""
    file = tmp_path / "spin.py"
    file.write_text(SPIN)

    assert spins(Frame(str(file), line, "f")) is spinning
