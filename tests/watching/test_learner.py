"""As a new learner would: from a clone to a finished stage 1 on a terminal, and the same in a pipe."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from threading import Timer

import pytest

from grader.progress import FILE
from tests.terminals import PATIENCE, Terminal

pytest.importorskip("watchfiles")

ROOT = Path(__file__).parents[2]
STAGE = "s01_callbacks"
SOLUTION = ROOT / "solutions" / STAGE / "pipeline.py"
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
SAVES = 6
"""Enough to see something grow with each; `bench/watch.py` counts over 200."""


@pytest.fixture
def kata(tmp_path):
    """What a learner has: the exercises, one of which is short, so that the ladder is soon whole."""
    for stage in (STAGE, "shop"):
        shutil.copytree(ROOT / "exercises" / stage, tmp_path / "exercises" / stage)
    return tmp_path


def save(path, text):
    """As most editors do: a file beside it takes its place."""
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


@pytest.fixture
def terminal(kata):
    """A watch on a terminal, ended if the test did not."""
    terminal = Terminal("-m", "grader", "watch", "s01", cwd=kata, env=ENVIRONMENT)
    yield terminal
    terminal.close()


def test_from_clone_to_a_finished_stage_1(kata, terminal):
    """Starter, first failure, hints, list, a narrow terminal, a deleted file, the solution, and Ctrl-C."""
    pipeline = kata / "exercises" / STAGE / "pipeline.py"
    terminal.wait_for("Start with s01_callbacks", "h hint")
    save(pipeline, pipeline.read_text(encoding="utf-8") + "\n# begun\n")
    terminal.wait_for("Failed: Tells the caller when step 1 fails", "> 45", gone=["grading"])

    terminal.press("h")
    terminal.wait_for("Hint 1 of 3", "Who hears of it")
    terminal.press("h")
    terminal.wait_for("Hint 2 of 3")
    terminal.press("t")
    terminal.wait_for("What happened", "event loop")
    terminal.press("l")
    terminal.wait_for("Checks of s01_callbacks", "+" if os.environ.get("LC_ALL") == "C" else "✓")
    terminal.press("l")
    terminal.resize(60)
    screen = terminal.wait_for("Failed:", "h t n/p l r o q")
    assert max(map(len, screen.splitlines())) <= 60

    pipeline.unlink()
    terminal.wait_for("pipeline.py is gone")
    save(pipeline, SOLUTION.read_text(encoding="utf-8"))
    terminal.wait_for("s01_callbacks is done", "n goes on to s02_futures", gone=["grading"])
    terminal.press("\x03")

    assert terminal.wait_end() == 0
    assert terminal.shown.endswith("s01_callbacks: done. See you.\r\n")
    assert '"hints": 2' in (kata / FILE).read_text(encoding="utf-8")


def test_hints_and_place_are_remembered(kata):
    """A second watch goes on where the first was left, with the hints that were open."""
    pipeline = kata / "exercises" / STAGE / "pipeline.py"
    save(pipeline, SOLUTION.read_text(encoding="utf-8").replace("if orders:", "if True:"))
    for level in (1, 2):
        terminal = Terminal("-m", "grader", "watch", cwd=kata, env=ENVIRONMENT)
        try:
            terminal.wait_for("Failed:", "Run again")
            terminal.press("h")
            terminal.wait_for(f"Hint {level} of 3")
            terminal.press("q")
            assert terminal.wait_end() == 0
        finally:
            terminal.close()


def opened(process):
    """What a process holds: descriptors, threads, children; and the same of its children."""
    own = Path("/proc", str(process))
    children = (own / "task" / str(process) / "children").read_text().split()
    counts = (len(list((own / "fd").iterdir())), len(list((own / "task").iterdir())), len(children))
    return [counts, *(opened(int(child)) for child in children)]


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells")
def test_saves_leave_nothing_behind_in_a_pipe(kata):
    """Without a terminal each verdict is appended; descriptors, threads and children do not grow with the saves."""
    pipeline = kata / "exercises" / STAGE / "pipeline.py"
    broken = "import nowhere\n"  # quick to grade: nothing can be judged
    save(pipeline, broken)
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", "watch", "s01"],
        cwd=kata,
        env={**os.environ, **ENVIRONMENT},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    counts, verdicts = [], 0
    deadline = Timer(PATIENCE, process.kill)
    deadline.start()
    try:
        for line in process.stdout:
            if "points; next:" in line:
                verdicts += 1
                counts.append([opened(process.pid)[0], opened(process.pid)[1][0]])
                if verdicts > SAVES:
                    break
                save(pipeline, f"{broken}# {verdicts}\n")
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
    finally:
        deadline.cancel()
        ended = process.wait()
        process.stdout.close()

    assert ended == 0
    assert "\x1b" not in rest
    # The first may still be warming up, and a nursery may just be ending or beginning.
    assert max(count[0] for count in counts[2:]) <= max(count[0] for count in counts[:3])
    assert counts[-1][1][0] <= max(count[1][0] for count in counts[:3]) + 2
