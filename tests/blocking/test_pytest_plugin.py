"""The plugin in somebody else's suite: each test runs a small suite in a pytest of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.realtime

ROOT = Path(__file__).parents[2]
HEAD = "import asyncio, time, pytest\n"
PLUGIN = ("-p", "grader.blocking.pytest_plugin")


@pytest.fixture
def suite(tmp_path):
    """Run a suite made of this text; what pytest printed."""

    def run(text, ini=""):
        (tmp_path / "pytest.ini").write_text(f"[pytest]\nasyncio_mode=auto\n{ini}")
        (tmp_path / "test_theirs.py").write_text(HEAD + text)
        options = ["-q", "--no-header", "-p", "no:cacheprovider", "-W", "ignore"]
        command = [sys.executable, "-m", "pytest", *options, *plugin(), str(tmp_path)]
        environment = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        return done.stdout

    def plugin():
        """Named only where it is not installed as an entry point."""
        from importlib.metadata import entry_points

        names = {entry.value for entry in entry_points(group="pytest11")}
        return () if PLUGIN[1] in names else PLUGIN

    return run


def test_a_marked_test_that_blocks_fails_with_the_line(suite):
    out = suite("@pytest.mark.never_blocks\nasync def test_theirs():\n    time.sleep(0.06)\n")

    assert "1 failed" in out
    assert "never_blocks: the event loop was blocked" in out
    assert "test_theirs.py:4 held the loop for" in out
    assert "asyncio.sleep" in out


def test_a_marked_test_that_does_not_block_passes(suite):
    out = suite(
        "@pytest.mark.never_blocks\nasync def test_theirs():\n    await asyncio.sleep(0.05)\n"
    )

    assert "1 passed" in out


def test_an_unmarked_test_is_not_watched(suite):
    assert "1 passed" in suite("async def test_theirs():\n    time.sleep(0.06)\n")


def test_the_threshold_is_the_markers(suite):
    body = "    end = time.thread_time() + 0.06\n    while time.thread_time() < end: pass\n"

    out = suite(f"@pytest.mark.never_blocks(threshold=5)\nasync def test_theirs():\n{body}")

    assert "1 passed" in out


def test_the_whole_suite_is_watched_by_an_ini_option(suite):
    """Synchronous tests have no loop, and one test is exempt."""
    text = """
async def test_blocks(): time.sleep(0.06)
def test_synchronous(): time.sleep(0.06)
@pytest.mark.never_blocks(False)
async def test_exempt(): time.sleep(0.06)
"""

    out = suite(text, "never_blocks = 0.025\n")

    assert "1 failed, 2 passed" in out
    assert "test_blocks" in out


def test_anyios_plugin_is_served_too(suite):
    text = """
pytestmark = [pytest.mark.anyio, pytest.mark.never_blocks]
@pytest.fixture
def anyio_backend(): return "asyncio"
async def test_blocks(): time.sleep(0.06)
async def test_turns(): await asyncio.sleep(0.05)
"""

    out = suite(text, "addopts = -p no:asyncio\n")

    assert "1 failed, 1 passed" in out


def test_a_failure_of_the_tests_own_comes_first(suite):
    out = suite("@pytest.mark.never_blocks\nasync def test_theirs():\n    assert 1 == 2\n")

    assert "assert 1 == 2" in out
    assert "never_blocks:" not in out


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("@pytest.mark.never_blocks\ndef test_theirs(): pass\n", "not an `async def`"),
        (
            """
@pytest.mark.never_blocks
async def test_theirs():
    loop = asyncio.get_running_loop()
    loop._ready = type(loop._ready).__mro__[1](loop._ready)
""",
            "cut short by the test itself",
        ),
    ],
    ids=["synchronous", "queue replaced"],
)
def test_what_cannot_be_watched_is_an_error_that_says_so(suite, text, reason):
    """Never a silent pass."""
    out = suite(text)

    assert "1 failed" in out
    assert reason in out


def test_a_loop_in_another_thread_is_refused(suite):
    """A runner that takes the test's coroutine to a thread of its own."""
    text = """
import threading
class Elsewhere(pytest.Function):
    def runtest(self):
        errors = []
        def run():
            try: asyncio.run(self.obj())
            except BaseException as error: errors.append(error)
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
        for error in errors: raise error

@pytest.fixture(autouse=True)
def elsewhere(request):
    request.node.__class__ = Elsewhere

@pytest.mark.never_blocks
async def test_theirs(): pass
"""

    out = suite(text, "addopts = -p no:asyncio\n")

    assert "1 failed" in out
    assert "runs in another thread" in out
