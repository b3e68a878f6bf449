"""Where the loop's thread stands: asked of a process that may take long to say, or has no time to."""

import asyncio
import os
import signal
import subprocess
import sys
import types
from contextlib import contextmanager
from pathlib import Path

import pytest

from grader.judge.kernel import kernel_of
from grader.judge.settling.where import where

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at a process from outside")

ROOT = Path(__file__).parents[2]
PROGRAM = """
import signal, sys
sys.path.insert(0, sys.argv[1])
from grader.blocking.telling import tell_between_instructions, tell_in_c
tell_between_instructions(signal.SIGUSR1, int(sys.argv[2]), lambda: None)
tell_in_c(signal.SIGUSR2, int(sys.argv[2]))
exec(compile(sys.argv[3], "pipeline.py", "exec"))
"""
WAITS = "import os\nos.write(1, b'.'); os.read(0, 1)"
IN_C = "import os\nnumbers = range(1 << 40)\nos.write(1, b'.'); sum(numbers)"
CALLS = """import os
def down(depth):
    return down(depth - 1) if depth else 0
os.write(1, b'.')
while True:
    for depth in range(300): down(depth)
"""


class Child:
    """A process that stands in its `pipeline.py`."""

    def __init__(self, source):
        self.stacks = os.memfd_create("stacks")
        self.popen = subprocess.Popen(
            [sys.executable, "-I", "-c", PROGRAM, str(ROOT), str(self.stacks), source],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            pass_fds=[self.stacks],
        )
        self.pid = self.popen.pid
        assert self.popen.stdout.read(1)

    def close(self):
        self.popen.kill()
        self.popen.wait()
        self.popen.stdin.close()
        self.popen.stdout.close()
        os.close(self.stacks)


class Link:
    """Has no news, ever; lets a stopped child go on when its owner has waited for some so many times."""

    def __init__(self, child, looks):
        self._child, self._looks = child, looks

    async def news(self, timeout):  # noqa: ASYNC109 - the interface's
        self._looks -= 1
        if self._looks == 0:
            os.kill(self._child.pid, signal.SIGCONT)
        await asyncio.sleep(timeout)  # what the interface promises, and not a hope
        return False


@contextmanager
def session(source, looks=0):
    """A session of this program; stopped until it has been looked at so often."""
    child = Child(source)
    kernel = kernel_of(child.pid)
    try:
        if looks:
            os.kill(child.pid, signal.SIGSTOP)
        yield types.SimpleNamespace(child=child, kernel=kernel, link=Link(child, looks))
    finally:
        kernel.close()
        child.close()


@pytest.mark.asyncio
async def test_line_is_told_by_a_child_that_does_not_get_to_run():
    """A busy machine may leave a child without a CPU for longer than any fixed number of looks."""
    with session(WAITS, looks=100) as stopped:
        line = await where(stopped)

    assert line == 2


@pytest.mark.asyncio
async def test_line_is_told_from_within_one_long_call_of_c():
    """No instruction of Python's comes in a sum of a million million numbers."""
    with session(IN_C) as computing:
        line = await where(computing)

    assert line == 3


@pytest.mark.asyncio
async def test_asking_does_no_harm_in_the_midst_of_calls():
    """However often it is asked, whatever frames it is making or clearing, the program goes on."""
    with session(CALLS) as calling:
        lines = {await where(calling) for _ in range(300)}

        assert lines <= {2, 3, 4, 5, 6}
        assert calling.child.popen.poll() is None
