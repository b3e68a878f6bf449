"""The command: what it says and how it ends, whatever the program does."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.realtime

ROOT = Path(__file__).parents[2]


@pytest.fixture
def probe(tmp_path):
    def run(source, *options):
        file = tmp_path / "program.py"
        file.write_text(source)
        command = [sys.executable, "-m", "grader.blocking", str(file), *options]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    return run


def test_a_finding_is_shown_with_its_hint(probe):
    done = probe("import time\nasync def main():\n    time.sleep(0.06)\n")

    assert done.returncode == 1
    assert "program.py:3  time.sleep waited for 6" in done.stdout
    assert "asyncio.sleep" in done.stdout


def test_a_good_program_is_told_so(probe):
    done = probe("import asyncio\nasync def main():\n    await asyncio.sleep(0.05)\n")

    assert done.returncode == 0
    assert done.stdout == "No line of the program held the event loop for 25 ms.\n"


def test_the_programs_own_output_does_not_spoil_the_json(probe):
    source = "import os\nasync def main():\n    print('hello')\n    os.write(1, b'hello')\n"

    done = probe(source, "--format", "json")

    assert json.loads(done.stdout)["blocked"] == []
    assert "hello" in done.stderr


def test_the_threshold_is_the_callers(probe):
    source = "import time\nasync def main():\n    end = time.thread_time() + 0.05\n"
    source += "    while time.thread_time() < end:\n        pass\n"

    assert probe(source, "--threshold", "30").returncode == 1
    assert probe(source, "--threshold", "5000").returncode == 0


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("def main(): pass", "has no `async def main()`"),
        ("async def main(shop): pass", "has no `async def main()`"),
        ("def (", "could not be imported: invalid syntax (line 1)."),
        (
            "1 / 0",
            "could not be imported: ZeroDivisionError: division by zero (program.py, line 1).",
        ),
        ("raise SystemExit(5)", "could not be imported: SystemExit: 5"),
        (
            "async def main(): raise ValueError('no')",
            "main() raised ValueError: no (program.py, line 1).",
        ),
        ("async def main(): raise SystemExit(4)", "main() ended the program with status 4."),
        ("import os\nasync def main(): os._exit(3)", "ended its process (status 3)"),
        ("import os\nasync def main(): os.kill(os.getpid(), 9)", "ended its process (signal 9)"),
    ],
)
def test_a_program_that_cannot_be_judged_is_said_in_a_sentence(probe, source, sentence):
    """Exit 2, one sentence, and never a traceback of ours."""
    done = probe(source, "--format", "json")

    assert done.returncode == 2
    assert sentence in json.loads(done.stdout)["error"]
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path):
    command = [sys.executable, "-m", "grader.blocking", str(tmp_path / "none.py")]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "does not exist" in done.stderr


def test_what_blocked_is_told_although_the_program_fails(probe):
    done = probe(
        "import time\nasync def main():\n    time.sleep(0.06)\n    1 / 0\n", "--format", "json"
    )

    answer = json.loads(done.stdout)
    assert done.returncode == 1
    assert [found["line"] for found in answer["blocked"]] == [3]
    assert "ZeroDivisionError" in answer["error"]


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ("threading.Event().wait()", "waits"),
        ("sum(range(10 ** 13))", "computes"),
    ],
)
def test_a_program_that_hangs_is_ended_and_its_line_named(probe, body, cause):
    """Also where no Python can run any more, as in one endless call of C."""
    source = (
        f"import asyncio, threading\nasync def main():\n    await asyncio.sleep(0)\n    {body}\n"
    )

    done = probe(source, "--format", "json", "--timeout", "1")

    answer = json.loads(done.stdout)
    assert done.returncode == 1
    assert [(found["line"], found["cause"]) for found in answer["blocked"]] == [(4, cause)]
    assert "not done in time" in answer["error"]


def test_a_program_that_never_ends_but_turns_is_not_accused(probe):
    source = "import asyncio\nasync def main():\n    await asyncio.Event().wait()\n"

    done = probe(source, "--format", "json", "--timeout", "1")

    answer = json.loads(done.stdout)
    assert (done.returncode, answer["blocked"]) == (2, [])
    assert "its loop still turned" in answer["error"]


def test_another_loop_is_refused(probe):
    """A loop that cannot be observed is an error, not a pass."""
    source = """
import asyncio
class Loop(asyncio.AbstractEventLoop):
    def get_debug(self): return False
    def close(self): pass
class Policy(asyncio.DefaultEventLoopPolicy):
    def new_event_loop(self): return Loop()
asyncio.set_event_loop_policy(Policy())
async def main(): pass
"""

    done = probe(source, "--format", "json")

    assert done.returncode == 2
    assert "cannot be observed" in json.loads(done.stdout)["error"]


def test_a_leftover_thread_does_not_keep_the_probe(probe):
    source = "import threading\nasync def main():\n"
    source += "    threading.Thread(target=threading.Event().wait).start()\n"

    assert probe(source).returncode == 0


def test_the_first_use_of_anyio_is_not_the_programs_fault(probe):
    """It would import its backend on the loop; the probe has done that before."""
    source = "import anyio\nasync def main():\n    await anyio.sleep(0.01)\n"

    done = probe(source, "--format", "json")

    assert (done.returncode, json.loads(done.stdout)["blocked"]) == (0, [])
