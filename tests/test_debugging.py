"""One check alone, and with a debugger in the learner's code."""

from pathlib import Path

import pytest

from tests.terminals import Terminal

ROOT = Path(__file__).parents[1]
SOLUTION = ROOT / "solutions" / "s03_async_await" / "pipeline.py"
STEP = "        user = await services.get_user_data(user_id)\n"


@pytest.fixture
def stopping(write_program):
    """A right program with a breakpoint in its first step, and something that it prints."""
    text = SOLUTION.read_text(encoding="utf-8")
    assert STEP in text
    return write_program(text.replace(STEP, f"        breakpoint()\n{STEP}"))


def test_only_the_named_check_is_judged(grade):
    """The last line is about this check and its points."""
    ended = grade("s03", "--submission", "solutions", "--check", "never_blocks")

    assert ended.returncode == 0
    assert ended.stdout.splitlines()[-1] == "2 of 2 points: test_never_blocks passed"


def test_a_check_alone_comes_to_the_verdict_that_it_comes_to_among_the_others(grade):
    """A leak that a whole grading lays at another check is not laid at this one."""
    program = ROOT / "tests/submissions/s03_async_await/near_miss/watchdog_outlives_the_batch.py"

    alone = grade("s03", "--submission", program, "--check", "batch_keeps_failures_as_values")

    assert alone.stdout.splitlines()[-1].endswith("test_batch_keeps_failures_as_values passed")


def test_what_a_program_prints_is_shown_under_its_check(grade, write_program):
    """A print is told where the check is told, passed or failed."""
    text = SOLUTION.read_text(encoding="utf-8").replace(
        STEP, f"        print('here is', timeout)\n{STEP}"
    )
    program = write_program(text)

    passed = grade("s03", "--submission", program, "--check", "ample_timeout").stdout
    program.write_text(text.replace("NoOrders(user_id)", "KeyError"), encoding="utf-8")
    failed = grade("s03", "--submission", program, "--check", "no_orders")

    assert "It printed:\n    here is 5.0\n    here is None\n" in passed
    assert "It printed:\n    here is None\n" in failed.stdout
    assert failed.returncode == 1


def test_breakpoint_stops_on_the_terminal(stopping):
    """Pdb asks there, shows the learner's own file and line, and the verdict comes however long that takes."""
    arguments = ("s03", "--submission", stopping, "--check", "pays_the_first_order", "--debug")
    terminal = Terminal("-m", "grader", "grade", *arguments, cwd=ROOT)
    try:
        terminal.wait_for("(Pdb)", "-> user = await services.get_user_data(user_id)")
        assert str(stopping) in terminal.screen
        terminal.press("p 6 * 7, type(services).__name__\n")
        terminal.wait_for("(42, 'PayingCoroutineServices')")
        terminal.press("c\n")
        assert terminal.wait_end() == 0
    finally:
        terminal.close()
    assert "2 of 2 points: test_pays_the_first_order passed" in terminal.screen


def test_breakpoint_without_a_terminal_says_how_to_get_one(grade, stopping):
    """The line at which it stands, and what to run instead."""
    text = stopping.read_text(encoding="utf-8")
    line = text[: text.index("breakpoint()")].count("\n") + 1

    told = " ".join(grade("s03", "--submission", stopping).stdout.split())

    assert "no terminal in a grading; run this one check with --check NAME --debug" in told
    assert f"pipeline.py:{line}" in told


def test_attended_check_still_fails_a_wrong_program(grade, write_program):
    """Without walls and budgets a check judges as it does with them."""
    program = write_program(SOLUTION.read_text(encoding="utf-8").replace("orders[0]", "orders[-1]"))
    arguments = ("s03", "--submission", program, "--check", "pays_the_first_order")

    for more in ([], ["--debug"]):
        assert grade(*arguments, *more).returncode == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["s03", "--debug"], "--debug runs one check; name it: --check NAME"),
        (["--check", "no_orders"], "--check needs the one stage"),
        (["s03", "--check", "no_ordres"], "did you mean one of these: test_no_orders"),
        (["s03", "--check", "no_orders", "--debug", "--strangers"], "--debug contradicts"),
    ],
)
def test_wrong_usage_is_one_sentence(grade, arguments, sentence):
    """What cannot be done is said, and what can."""
    ended = grade(*arguments)

    assert ended.returncode == 2
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr
