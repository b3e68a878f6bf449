"""Where the loop's thread stands: asked of a process that may take long to say."""

import asyncio
import os
import signal
import subprocess
import sys
import types
from contextlib import contextmanager

import pytest

from grader.judge.settling import where

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="asks by a signal")

PROGRAM = """
import faulthandler, os, signal, sys
faulthandler.register(signal.SIGUSR1, file=int(sys.argv[1]), all_threads=False)
exec(compile("import os\\nos.write(1, b'.'); os.read(0, 1)", "pipeline.py", "exec"))
"""


class Child:
    """A process that stands at line 2 of its `pipeline.py`."""

    def __init__(self):
        self.stacks = os.memfd_create("stacks")
        self.popen = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", PROGRAM, str(self.stacks)],
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
def session(looks):
    """A session whose child is stopped until it has been looked at so often."""
    child = Child()
    try:
        os.kill(child.pid, signal.SIGSTOP)
        yield types.SimpleNamespace(child=child, link=Link(child, looks))
    finally:
        child.close()


@pytest.mark.asyncio
async def test_line_is_told_by_a_child_that_does_not_get_to_run():
    """A busy machine may leave a child without a CPU for longer than any fixed number of looks."""
    with session(looks=100) as stopped:
        line = await where(stopped)

    assert line == 2
