"""The core is held to the bar, and every survivor of any stage to an explanation."""

import pytest

from bench.gradings import Job, Outcome
from bench.mutants.explained import explained
from bench.mutants.mutants import PAGE, all_mutants, report
from grader.results import Verdict
from grader.submissions import bonus_stages, choose_stages


def judged(stages, *, alive):
    """All mutants of these stages with an outcome: whether they keep their marks is asked of each."""
    for mutant in all_mutants(stages):
        verdict = Verdict.PASSED if alive(mutant) else Verdict.FAILED
        yield mutant, Outcome(Job("", mutant.stage, "", 1), {"test_it": verdict})


@pytest.fixture(scope="module")
def reasons():
    """The survivors that the page explains."""
    return set(explained(PAGE.read_text(encoding="utf-8")))


def test_all_is_well_where_only_the_explained_survive(reasons, capsys):
    """The page itself keeps the core above the bar."""
    stages = choose_stages([])
    outcomes = list(judged(stages, alive=lambda mutant: mutant.key in reasons))

    assert report(outcomes, {stage.name for stage in stages}) == 0
    assert "core" in capsys.readouterr().out


def test_a_survivor_without_a_reason_is_printed(reasons, capsys):
    """As a difference that can be pasted into the page."""
    stages = bonus_stages()[:1]
    first = next(m for m in all_mutants(stages) if m.key not in reasons)

    outcomes = list(judged(stages, alive=lambda mutant: mutant.key == first.key))

    assert report(outcomes, set()) == 1
    assert first.diff in capsys.readouterr().out


def test_the_bonus_ladder_is_not_held_to_the_bar(reasons, capsys):
    """Its stages have lines of their own, and no share to reach together."""
    every = judged(bonus_stages(), alive=lambda _: True)
    explained_ones = [(mutant, outcome) for mutant, outcome in every if mutant.key in reasons]

    assert explained_ones
    assert report(explained_ones, set()) == 0
    assert "(bar" not in capsys.readouterr().out
