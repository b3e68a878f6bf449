"""`unblocked play`, in a pipe and on a terminal: the learner's program, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.playing.scene import Scene, read, written
from tests.terminals import Terminal

ROOT = Path(__file__).parents[2]
SOLUTION = ROOT / "solutions" / "s03_async_await" / "pipeline.py"
QUICK = ("--latency", "0.03")


@pytest.fixture(scope="module")
def play():
    """Runs `unblocked play …` in a pipe."""

    def play(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "grader", "play", *map(str, arguments)],
            cwd=ROOT,
            env={**os.environ, "COLUMNS": "100"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    return play


def test_scene_is_what_it_was_when_it_is_read():
    """A scene goes through a command line unchanged."""
    scene = Scene("p.py", "coroutines", "coroutine", None, True, faults={"2:get_orders": "fails"})

    assert read(written(scene)) == scene


@pytest.mark.parametrize("stage", ["s01", "s02", "s03", "s04", "s11"])
def test_every_stage_can_be_played(play, stage):
    """Two users pay, one has no orders, one's card is refused, and the loop goes on."""
    ended = play(stage, "--submission", "solutions", *QUICK)

    assert ended.returncode == 0
    assert ended.stdout.count("the checkout ends with Payment(") == 2
    assert "user 3  the checkout ends with NoOrders(3)" in ended.stdout
    assert "user 4  the checkout ends with PaymentDeclined(41)" in ended.stdout
    assert ended.stderr == ""


def test_two_programs_are_played_side_by_side(play, write_program):
    """Each line says whose it is; a fault is for the user that it names; what is printed is told."""
    text = SOLUTION.read_text(encoding="utf-8")
    mine = write_program(
        text.replace("        user = await", "        print('mine')\n        user = await")
    )
    told = play(
        *("s03", "--submission", mine, "--compare", "solutions", *QUICK),
        *("--fault", "2:get_orders=fails"),
    ).stdout.splitlines()

    for name in (str(mine), "solutions"):
        own = [line for line in told if line.startswith(name)]
        assert any("user 2  get_orders fails: OrdersUnavailable(2)" in line for line in own)
        assert not any("user 1  get_orders fails" in line for line in own)
    assert sum("it printed: mine" in line for line in told) == 4


def test_blocked_loop_is_told(play, write_program):
    """A program that sleeps on the loop's thread holds everybody up, and that is said."""
    text = SOLUTION.read_text(encoding="utf-8")
    blocking = text.replace(
        "        user = await", "        import time\n        time.sleep(0.2)\n        user = await"
    )

    assert (
        "the loop stood still for"
        in play("s03", "--submission", write_program(blocking), *QUICK).stdout
    )


def test_starter_says_what_is_to_do(play):
    """A stage that is still to be written is one line, and no traceback."""
    ended = play("s03", *QUICK)

    assert ended.returncode == 0
    assert "the program broke off: NotImplementedError" in ended.stdout
    assert "Traceback" not in ended.stdout + ended.stderr


def test_program_that_ends_its_process_is_told(play, write_program):
    """Whatever a program does, the play comes to an end."""
    ended = play("s03", "--submission", write_program("import os\nos._exit(0)\n"))

    assert ended.returncode == 0
    assert "the program's process has ended by itself" in ended.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["s03", "--fault", "get_orders=explodes"], "--fault takes [USER:]STEP=KIND"),
        (["s03", "--fault", "9:get_orders=fails"], "--fault takes"),
        (["s03", "--latency", "get_orders=long"], "--latency takes"),
        (["s03", "--latency", "nan"], "--latency takes"),
        (["s03", "--latency", "-1"], "--latency takes"),
        (["s77"], "there is no single stage called 's77'"),
        (["s03", "--submission", "nowhere"], "there is no 'nowhere'"),
    ],
)
def test_wrong_usage_is_one_sentence(play, arguments, sentence):
    """What cannot be played is said, and what can."""
    ended = play(*arguments)

    assert ended.returncode == 2
    assert sentence in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_picture_grows_on_a_terminal_and_ctrl_c_ends_it():
    """Bars are drawn while the services take their time; Ctrl-C leaves no process and no trace of an error."""
    arguments = ("s03", "--submission", "solutions", "--latency", "30")
    terminal = Terminal("-m", "grader", "play", *arguments, cwd=ROOT, columns=60)
    try:
        terminal.wait_for("user 1   uuu", "user 4   uuu", "loop", "! stalled")
        terminal.press("\x03")
        assert terminal.wait_end() == 0
    finally:
        terminal.close()
    assert "Traceback" not in terminal.shown
