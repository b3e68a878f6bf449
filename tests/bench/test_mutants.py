"""The core is held to the bar, and every survivor of any stage to an explanation."""

import pytest

from bench.gradings import Job, Outcome
from bench.mutants.explained import explained
from bench.mutants.mutants import PAGE, all_mutants, report
from grader.results import Verdict
from grader.submissions import choose_stages

STAGE = "s05_zalgo"
"""A short solution; whether it counts as the core's is said by each test."""


@pytest.fixture(scope="module")
def mutants():
    """All of one solution."""
    return list(all_mutants(choose_stages([STAGE])))


@pytest.fixture(scope="module")
def reasons():
    """The survivors that the page explains."""
    return set(explained(PAGE.read_text(encoding="utf-8")))


def judged(mutants, *, alive):
    """Mutants with their outcomes: whether one keeps its marks is asked."""
    for mutant in mutants:
        verdict = Verdict.PASSED if alive(mutant) else Verdict.FAILED
        yield mutant, Outcome(Job("", mutant.stage, "", 1), {"test_it": verdict})


def test_all_is_well_where_only_the_explained_survive(mutants, reasons, capsys):
    """There are few of them, so the core is above the bar."""
    outcomes = list(judged(mutants, alive=lambda mutant: mutant.key in reasons))

    assert report(outcomes, {STAGE}) == 0
    assert "(bar 95%)" in capsys.readouterr().out


def test_a_survivor_without_a_reason_is_printed(mutants, reasons, capsys):
    """As a difference that can be pasted into the page."""
    first = next(mutant for mutant in mutants if mutant.key not in reasons)
    outcomes = list(judged(mutants, alive=lambda mutant: mutant.key == first.key))

    assert report(outcomes, set()) == 1
    assert first.diff in capsys.readouterr().out


@pytest.mark.parametrize(("core", "code"), [({STAGE}, 1), (set(), 0)], ids=["core", "bonus"])
def test_only_the_core_is_held_to_the_bar(mutants, reasons, core, code):
    """A bonus stage has no share to reach, if its survivors are explained."""
    told = [mutant for mutant in mutants if mutant.key in reasons]
    outcomes = list(judged(told, alive=lambda _: True))

    assert report(outcomes, core) == code
