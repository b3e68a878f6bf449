"""Small programs that block their loop, and others that only look like it, probed for real.

A case `b_*.py` blocks on the lines marked `# <- blocks`, and only there; a case `n_*.py` does not
block.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.realtime

ROOT = Path(__file__).parents[2]
CASES = Path(__file__).parent / "cases"
MARK = "# <- blocks"
TRIES = 5


def marked():
    """The lines, over all files, that block."""
    return {
        (file.name, number)
        for file in CASES.rglob("*.py")
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if MARK in line
    }


def probe(case, *options):
    command = [sys.executable, "-m", "grader.blocking", str(case), "--format", "json", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    return json.loads(done.stdout), done.returncode


def lines_of(answer):
    return {(Path(found["file"] or "").name, found["line"]) for found in answer["blocked"]}


@pytest.mark.parametrize("case", sorted(CASES.glob("b_*.py")), ids=lambda case: case.stem)
def test_what_blocks_is_found_on_its_line(case):
    answer, code = probe(case)

    assert answer["error"] is None
    assert lines_of(answer) or answer["inconclusive"]
    assert lines_of(answer) <= marked()
    assert code == (0 if answer["inconclusive"] else 1)


@pytest.mark.parametrize("case", sorted(CASES.glob("n_*.py")), ids=lambda case: case.stem)
def test_what_only_looks_like_it_is_left_alone(case):
    answer, code = probe(case)

    assert (answer["error"], answer["blocked"], code) == (None, [], 0)


@pytest.mark.parametrize("name", ["b_sleep_in_finally", "b_primes", "b_drip", "b_rlock_with"])
def test_the_portable_way_finds_it_too_and_says_what_it_is(name):
    """Without `/proc` a wait may be missed and a line may be late, and the report says so."""
    answer, _ = probe(CASES / f"{name}.py", "--portable")

    assert answer["guarantees"] == "portable"
    assert answer["blocked"] or answer["inconclusive"]


@pytest.mark.parametrize("name", ["n_to_thread", "n_steps_under_threshold", "n_streams"])
def test_the_portable_way_leaves_alone_what_does_not_block(name):
    """A machine that keeps one of its two threads off the CPU may deceive it, as its page says; not each time."""
    answers = (probe(CASES / f"{name}.py", "--portable") for _ in range(TRIES))

    assert any((answer["blocked"], code) == ([], 0) for answer, code in answers)


def test_the_cases_are_enough():
    """At least 40 that block, each with a marked line, and at least 25 that do not."""
    names = {file for file, _ in marked()}
    blockers = {case.name for case in CASES.glob("b_*.py")}

    assert len(blockers) >= 40
    assert len(list(CASES.glob("n_*.py"))) >= 25
    assert blockers - names == {"b_two_floors_down.py"}  # its line is in the helper's helper
